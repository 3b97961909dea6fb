import type { BatchDetail } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { counted, dollars, roughly } from "../money/format.ts";
import { PhaseBadge } from "../status/badge.tsx";
import { Fact, Facts } from "../status/facts.tsx";
import { ProgressBar } from "../status/progress.tsx";
import { visible } from "../text/visible.ts";
import { Lasting, Moment } from "../time/moment.tsx";
import { PhaseCountList } from "./phase-counts.tsx";

/** How the batch stands, at a glance. */
export function BatchHead({ detail }: { readonly detail: BatchDetail }) {
  const { row, percent, counts, deletedAt, suspended, cancelled } = detail;
  return (
    <header className="cb-page-head">
      <p className="cb-crumbs">
        <Link to="/">Batches</Link> /{" "}
        <Link to="/" search={{ namespace: row.namespace }}>
          {visible(row.namespace)}
        </Link>
      </p>
      <div className="cb-row">
        <h1 className="cb-break">{visible(row.name)}</h1>
        <PhaseBadge phase={row.phase} />
        <strong title="Of the repositories that are finished, rounded down">{percent}% finished</strong>
        <ProgressBar finished={row.finished} failed={row.failed} total={row.total} isBare />
      </div>
      {deletedAt !== undefined && (
        <p className="cb-note cb-note-warn" role="status">
          It is being deleted since <Moment at={deletedAt} />. What is shown goes with it.
        </p>
      )}
      {cancelled && <p className="cb-note">It is cancelled, for good. Apply a new BatchChange to run again.</p>}
      {suspended && !cancelled && <p className="cb-note">It is suspended: nothing new starts until spec.suspend is false.</p>}
      <PhaseCountList counts={counts} />
      <BatchFacts detail={detail} />
    </header>
  );
}

function BatchFacts({ detail: { row, startedAt, diff, usage, budget, rates, model, publishPolicy } }: { readonly detail: BatchDetail }) {
  return (
    <Facts>
      <Fact name="Diff">
        {counted(diff.filesChanged, "file")} <span className="cb-add">+{diff.additions}</span>{" "}
        <span className="cb-del">−{diff.deletions}</span>
      </Fact>
      {budget !== undefined && (
        <Fact name="Cost">
          {dollars(budget.spentUSD)} of {dollars(budget.maxCostUSD)}
          {budget.percent === undefined ? "" : ` (${budget.percent}%)`}
        </Fact>
      )}
      {usage !== undefined && (
        <Fact name="Tokens" title={tokensInFull(usage)}>
          {roughly(usage.input + usage.cacheWrite + usage.cacheRead)} in, {roughly(usage.output)} out
        </Fact>
      )}
      <Fact name="Started">
        <Moment at={startedAt} />
      </Fact>
      <Fact name={row.finishedAt === undefined ? "Running for" : "Took"}>
        <Lasting seconds={took(startedAt, row.finishedAt)} since={startedAt} />
      </Fact>
      {rates.successPercent !== undefined && <Fact name="Success">{rates.successPercent}%</Fact>}
      {row.pullRequests > 0 && (
        <Fact name="Pull requests">
          {row.merged} of {row.pullRequests} merged{rates.mergePercent === undefined ? "" : ` (${rates.mergePercent}%)`}
        </Fact>
      )}
      {rates.costPerMergedPullRequestUSD !== undefined && <Fact name="Per merge">{dollars(rates.costPerMergedPullRequestUSD)}</Fact>}
      <Fact name="Model">{visible(model)}</Fact>
      <Fact name="Publishing">{publishPolicy}</Fact>
    </Facts>
  );
}

function tokensInFull({ input, cacheWrite, cacheRead, output }: NonNullable<BatchDetail["usage"]>): string {
  return `In: ${roughly(cacheRead)} from the cache, ${roughly(cacheWrite)} written to it, ${roughly(input)} beside it. Out: ${roughly(output)}.`;
}

function took(startedAt: string | undefined, finishedAt: string | undefined): number | undefined {
  if (startedAt === undefined || finishedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
