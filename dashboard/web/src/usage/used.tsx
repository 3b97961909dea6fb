import type { UsageReport, UsageSlice } from "@codybatch/dashboard-contract";
import { Bars } from "../chart/bars.tsx";
import { Days } from "../chart/days.tsx";
import { counted, dollars, roughly } from "../money/format.ts";
import { Fact, Facts } from "../status/facts.tsx";

/** Tokens and dollars, by day, model, namespace and batch. */
export function Used({
  report: { from, to, total, perDay = [], perModel = [], perNamespace = [], perBatch = [], undated },
}: {
  readonly report: UsageReport;
}) {
  if (total === undefined)
    return <p className="cb-panel">You may not see costs in any of these namespaces: the right to get batchchanges/cost is missing.</p>;
  if (total.attempts === 0) return <p className="cb-panel">No attempt ended in these days. Costs appear once the first one has.</p>;
  return (
    <>
      <Facts>
        <Fact name="Cost">{dollars(total.costUSD)}</Fact>
        <Fact name="Attempts">{total.attempts.toLocaleString("en-US")}</Fact>
        <Fact name="Tokens in">{roughly(total.input)}</Fact>
        <Fact name="Cache written">{roughly(total.cacheWrite)}</Fact>
        <Fact name="Cache read">{roughly(total.cacheRead)}</Fact>
        <Fact name="Tokens out">{roughly(total.output)}</Fact>
      </Facts>
      {total.unpriced > 0 && (
        <p className="cb-note cb-note-warn">
          {counted(total.unpriced, "attempt")} ran at a price that is not known. Costs are without them.
        </p>
      )}
      {undated !== undefined && undated.attempts > 0 && (
        <p className="cb-note">
          {counted(undated.attempts, "older attempt")} are no longer listed one by one: they are in the sums and in no day.
        </p>
      )}
      {perDay.length > 0 && (
        <Days
          title="Cost per day"
          span={{ from, to }}
          days={perDay.map(({ key, costUSD, attempts }) => ({ day: key, costUSD, attempts }))}
        />
      )}
      <div className="cb-columns">
        <Slices title="By model" slices={perModel} />
        <Slices title="By namespace" slices={perNamespace} />
      </div>
      <Slices title="Dearest batches" slices={perBatch} isBatch />
    </>
  );
}

interface SlicesProps {
  readonly title: string;
  readonly slices: readonly UsageSlice[];
  readonly isBatch?: boolean;
}

function Slices({ title, slices, isBatch = false }: SlicesProps) {
  if (slices.length === 0) return undefined;
  const bars = slices.slice(0, 20).map(({ key, costUSD, attempts }) => {
    const [namespace = "", name = ""] = key.split("/");
    const link = isBatch ? ({ to: "/batches/$namespace/$name", params: { namespace, name } } as const) : undefined;
    return { name: key, amount: Number(costUSD ?? 0), shown: `${dollars(costUSD)} · ${counted(attempts, "attempt")}`, link };
  });
  return (
    <figure className="cb-figure">
      <figcaption>{title}</figcaption>
      <Bars bars={bars} label={title} />
    </figure>
  );
}
