import type { BatchUsage } from "@codybatch/dashboard-contract";
import { useQuery } from "@tanstack/react-query";
import { Bars } from "../chart/bars.tsx";
import { Days } from "../chart/days.tsx";
import { weekUntil } from "../chart/gaps.ts";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { counted, dollars } from "../money/format.ts";

export function BatchCost({ params }: { readonly params: { readonly namespace: string; readonly name: string } }) {
  const query = useQuery(asking("batchUsage", { params }));
  return (
    <Answered query={query} what="costs">
      {(usage) => (usage.total.attempts === 0 ? <p className="cb-panel">Nothing was used yet.</p> : <Cost usage={usage} />)}
    </Answered>
  );
}

function Cost({ usage: { total, perDay, perRepository, budgetUSD } }: { readonly usage: BatchUsage }) {
  const [first, last] = [perDay[0], perDay.at(-1)];
  const bars = perRepository.slice(0, 20).map(({ key, costUSD }) => ({ name: key, amount: Number(costUSD ?? 0), shown: dollars(costUSD) }));
  return (
    <>
      {total.unpriced > 0 && (
        <p className="cb-note cb-note-warn">
          {counted(total.unpriced, "attempt")} ran at a price that is not known. The sums are without them.
        </p>
      )}
      {first !== undefined && last !== undefined && (
        <Days
          span={weekUntil(last.key, first.key)}
          title={`Cost per day, ${dollars(total.costUSD)} in all${budgetUSD === undefined ? "" : ` of ${dollars(budgetUSD)}`}`}
          days={perDay.map(({ key, costUSD, attempts }) => ({ day: key, costUSD, attempts }))}
        />
      )}
      <figure className="cb-figure">
        <figcaption>Cost per repository, dearest first</figcaption>
        <Bars bars={bars} label="Cost per repository" />
      </figure>
    </>
  );
}
