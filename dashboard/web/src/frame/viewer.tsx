import { urlOf } from "@codybatch/dashboard-contract/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { asking } from "../client/client.ts";
import { endSession } from "../session/session.ts";
import { oneLine, shortened } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";

/** Who is looking, until when, and the way out. */
export function Viewer() {
  const { data } = useQuery({ ...asking("me", { params: {} }), refetchInterval: 300_000 });
  const queries = useQueryClient();
  if (data === undefined || data.mode === "none") return undefined;
  const leave = async (): Promise<void> => {
    await fetch(urlOf("logout", { params: {} }), { credentials: "same-origin" });
    queries.clear();
    endSession("NoToken");
  };
  const user = oneLine(data.user);
  return (
    <details className="cb-menu cb-viewer">
      <summary title={user}>{shortened(user.split(":").at(-1) ?? user, 20)}</summary>
      <div className="cb-menu-body">
        <p className="cb-break">{user}</p>
        {data.expiresAt !== undefined && (
          <p>
            Session ends <Moment at={data.expiresAt} />
          </p>
        )}
        <p className="cb-dim">{data.everywhere ? "All namespaces" : data.namespaces.map(({ namespace }) => namespace).join(", ")}</p>
        <p className="cb-dim">Version {data.version}</p>
        {data.mode === "token" && (
          <button type="button" className="cb-button" onClick={() => void leave()}>
            Log out
          </button>
        )}
      </div>
    </details>
  );
}
