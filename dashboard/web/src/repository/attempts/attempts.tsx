import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { getRouteApi, Link } from "@tanstack/react-router";
import { dollars } from "../../money/format.ts";
import { Badge } from "../../status/badge.tsx";
import { type Tone, words } from "../../status/tone.ts";
import { visible } from "../../text/visible.ts";
import { Lasting, Moment } from "../../time/moment.tsx";
import { CardTable, Heads } from "../../table/card-table.tsx";
import { Compare } from "./compare.tsx";

type Attempt = RepositoryDetail["attempts"][number];

const tones: Readonly<Record<Attempt["outcome"], Tone>> = {
  Reported: "good",
  Failed: "bad",
  Cancelled: "neutral",
  InfrastructureFault: "mixed",
  Running: "busy",
};
const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** Every try that is still listed, and two of them side by side. */
export function Attempts({ detail }: { readonly detail: RepositoryDetail }) {
  const { attempt, other } = route.useSearch();
  const { attempts } = detail;
  if (attempts.length === 0) return <p className="cb-panel">Nothing was tried yet. The reason above says what it waits for.</p>;
  const left = attempts.find(({ id }) => id === other) ?? attempts[1];
  const right = attempts.find(({ id }) => id === attempt) ?? attempts[0];
  return (
    <section aria-label="Attempts" className="cb-stack">
      <CardTable
        head={
          <Heads
            names={["Outcome", "Attempt-try", "Reason", "Started", "Duration", ...(detail.rights.cost ? ["Cost"] : []), "See"]}
            numbers={["Duration", "Cost"]}
          />
        }
      >
        {attempts.map((each) => (
          <AttemptLine key={each.id} attempt={each} canSeeCost={detail.rights.cost} />
        ))}
      </CardTable>
      {detail.row.attempts > attempts.length && (
        <p className="cb-dim">
          Of {detail.row.attempts} tries the last {attempts.length} are listed.
        </p>
      )}
      {left !== undefined && right !== undefined && left.id !== right.id && (
        <Compare left={left} right={right} attempts={attempts} canSeePatch={detail.rights.patch} />
      )}
    </section>
  );
}

function AttemptLine({ attempt, canSeeCost }: { readonly attempt: Attempt; readonly canSeeCost: boolean }) {
  const { id, outcome, explained, startedAt, seconds, usage } = attempt;
  const see = (tab: "diff" | "transcript", name: string) => (
    <Link from="/batches/$namespace/$name/$changeset" to="." search={{ tab, attempt: id }}>
      {name}
    </Link>
  );
  return (
    <tr>
      <td data-label="Outcome">
        <Badge tone={tones[outcome]} text={words(outcome)} />
      </td>
      <th scope="row" data-label="Attempt-try">
        {id}
      </th>
      <td data-label="Reason" title={explained?.meaning === undefined ? undefined : visible(explained.meaning)}>
        {explained === undefined ? "" : visible(explained.reason)}
      </td>
      <td data-label="Started">
        <Moment at={startedAt} />
      </td>
      <td data-label="Duration" className="cb-number">
        <Lasting seconds={seconds} since={outcome === "Running" ? startedAt : undefined} />
      </td>
      {canSeeCost && (
        <td data-label="Cost" className="cb-number">
          {usage === undefined ? "–" : dollars(usage.costUSD)}
        </td>
      )}
      <td data-label="See">
        <span className="cb-row">
          {attempt.patch.state !== "none" && see("diff", "Diff")}
          {attempt.transcript.state !== "none" && see("transcript", "Transcript")}
        </span>
      </td>
    </tr>
  );
}
