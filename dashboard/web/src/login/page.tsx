import { useQuery } from "@tanstack/react-query";
import { asking } from "../client/client.ts";
import { CommandLine } from "../command/line.tsx";
import { useTitle } from "../frame/title.ts";
import { endSession, type SessionEnd } from "../session/session.ts";
import { TokenForm } from "./form.tsx";
import { sessionWords } from "./words.ts";

/** Stands in place of the page that was asked for, whose address stays: after login it is there again. */
export function LoginPage({ reason }: { readonly reason: SessionEnd }) {
  const { data } = useQuery(asking("loginFacts", { params: {} }));
  const { title, text } = sessionWords[reason];
  useTitle(title);
  return (
    <section className="cb-panel cb-login">
      <h1>{title}</h1>
      <p>{text}</p>
      {data?.command !== undefined && (
        <CommandLine title="This line makes a token; put in your namespace and ServiceAccount" line={data.command} />
      )}
      {data?.acceptsClusterTokens === true && <p className="cb-dim">Any other token of yours for this cluster is taken, too.</p>}
      {data?.mode === "proxy" || data?.mode === "none" ? (
        <button type="button" className="cb-button" onClick={() => endSession(undefined)}>
          Try again
        </button>
      ) : (
        <TokenForm />
      )}
    </section>
  );
}
