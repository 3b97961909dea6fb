import { useQuery } from "@tanstack/react-query";
import { asking } from "../client/client.ts";

/** Says so where the answers were never Claude's. */
export function DemoNote() {
  const { data } = useQuery(asking("me", { params: {} }));
  if (data?.standIn !== true) return undefined;
  return (
    <p className="cb-note cb-note-demo" role="note">
      This is the demo: a scripted stand-in answers in place of Claude. Costs are what such answers would have cost.
    </p>
  );
}
