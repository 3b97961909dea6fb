import type { Batch, Change } from "./cluster.ts";
import { changesOf } from "./view.ts";
import type { Row, Seen } from "./view.ts";

/** Rows with columns of equal width, the last one as it is. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>((most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** Width of the longest phase, so that a line stays the same when others change. */
const phaseWidth = "AwaitingApproval".length;

/** One line per Changeset, for the time that it runs. */
export function progressLines(rows: readonly Row[]): readonly string[] {
  return columns(rows.map(({ batch, repository, phase, note }) => [`  ${batch}`, repository, phase.padEnd(phaseWidth), note]));
}

const headings = ["  REPOSITORY", "PHASE", "REASON", "DIFF", "CHECKS", "COST", "TOKENS"];

/** The table at the end, one block per batch. */
export function summary(seen: Seen): readonly string[] {
  const rows = seen.batches.flatMap((batch) => changesOf(batch, seen).map(cells));
  const lines = columns([headings, ...rows]);
  let next = 1;
  return seen.batches.flatMap((batch) => {
    const count = changesOf(batch, seen).length;
    const block = lines.slice(next, next + count);
    next += count;
    return [title(batch), lines[0] ?? "", ...block, ""];
  });
}

function title({ metadata, spec, status }: Batch): string {
  const cost = status.usage?.costUSD === undefined ? "" : `, $${status.usage.costUSD}`;
  return `${metadata.name}  (publish.policy ${spec.publish.policy}): ${[status.phase ?? "Pending", status.progress].filter(Boolean).join(" ")}${cost}`;
}

function cells({ spec, status }: Change): readonly string[] {
  const { usage } = status;
  const tokens = usage === undefined ? 0 : usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
  return [
    `  ${spec.repository.name}`,
    status.phase ?? "Pending",
    status.reason ?? "",
    status.diffStat ?? "",
    checksOf(status),
    usage?.costUSD === undefined ? "" : `$${usage.costUSD}`,
    tokens === 0 ? "" : String(tokens),
  ];
}

/** How many of the checks that ran passed; those that did not run say nothing. */
function checksOf({ result }: Change["status"]): string {
  const ran = (result?.checks ?? []).filter(({ outcome }) => outcome !== "NotRun");
  const passed = ran.filter(({ outcome }) => outcome === "Passed").length;
  return ran.length === 0 ? "" : `${passed}/${ran.length} passed`;
}
