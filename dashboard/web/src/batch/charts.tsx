import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Bars } from "../chart/bars.tsx";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { duration } from "../time/format.ts";
import { BatchCost } from "./batch-cost.tsx";
import { Burndown } from "./burndown.tsx";

const route = getRouteApi("/batches/$namespace/$name");

/** How the batch went over time, what it cost and how long it took. */
export function Charts({ canSeeCost }: { readonly canSeeCost: boolean }) {
  const params = route.useParams();
  const burndown = useQuery(asking("burndown", { params }));
  return (
    <section aria-label="Charts" className="cb-stack">
      <Answered query={burndown} what="the burndown">
        {(answer) => <Burndown answer={answer} />}
      </Answered>
      {canSeeCost ? <BatchCost params={params} /> : <p className="cb-panel">You may not see costs in this namespace.</p>}
      <Longest />
    </section>
  );
}

function Longest() {
  const params = route.useParams();
  const query = useQuery(asking("repositories", { params, query: { sort: "-duration", limit: "20" } }));
  return (
    <Answered query={query} what="durations">
      {({ items }) => {
        const timed = items.flatMap(({ repository, changeset, seconds }) =>
          seconds === undefined ? [] : [{ repository, changeset, seconds }],
        );
        if (timed.length === 0) return <p className="cb-panel">No attempt has ended yet, so there are no durations.</p>;
        const bars = timed.map(({ repository, changeset, seconds }) => ({
          name: repository,
          amount: seconds,
          shown: duration(seconds),
          link: { to: "/batches/$namespace/$name/$changeset", params: { ...params, changeset } } as const,
        }));
        return (
          <figure className="cb-figure">
            <figcaption>Time of the newest attempts, longest first</figcaption>
            <Bars bars={bars} label="Duration of the newest attempt" />
          </figure>
        );
      }}
    </Answered>
  );
}
