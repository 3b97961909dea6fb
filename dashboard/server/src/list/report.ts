import type { BatchRow, RepositoryRow } from "@codybatch/dashboard-contract";

/** What a report of one batch is made of; money is absent without the right to see it. */
export interface ReportSource {
  readonly batch: BatchRow;
  readonly rows: readonly RepositoryRow[];
  readonly now: Date;
}

const columns = [
  "repository",
  "branch",
  "phase",
  "reason",
  "additions",
  "deletions",
  "attempts",
  "startedAt",
  "seconds",
  "costUSD",
  "pullRequest",
  "pullRequestState",
] as const;

/** One line for each repository; the first names the columns. */
export function csvReport({ rows }: ReportSource): string {
  return [columns.join(","), ...rows.map((row) => cells(row).map(csvCell).join(","))].map((line) => `${line}\r\n`).join("");
}

function cells(row: RepositoryRow): readonly string[] {
  const { pullRequest } = row;
  const flat = { ...row, pullRequest: pullRequest?.url, pullRequestState: pullRequest?.state };
  return columns.map((column) => String(flat[column] ?? ""));
}

/** A spreadsheet runs what begins like a formula; such a text gets an apostrophe in front. */
function csvCell(text: string): string {
  const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

export function jsonReport({ batch, rows, now }: ReportSource): string {
  return `${JSON.stringify({ generatedAt: now.toISOString(), batch, repositories: rows }, undefined, 2)}\n`;
}

/** A report to read, as Markdown. */
export function markdownReport({ batch, rows, now }: ReportSource): string {
  const facts = [
    ["Phase", batch.phase],
    ["Finished", `${batch.finished} of ${batch.total}`],
    ["Failed", String(batch.failed)],
    ["Pull requests", `${batch.pullRequests}, ${batch.merged} merged`],
    ["Cost", batch.costUSD === undefined ? undefined : `$${batch.costUSD} of $${batch.budgetUSD}`],
    ["Made", batch.createdAt],
    ["Ended", batch.finishedAt],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${value}`]));
  const table = rows.map(
    (row) =>
      `| ${[row.repository, row.phase, row.reason ?? "", changed(row), row.costUSD === undefined ? "" : `$${row.costUSD}`, row.pullRequest?.url ?? ""].map(plain).join(" | ")} |`,
  );
  return [
    `# ${plain(`${batch.namespace}/${batch.name}`)}`,
    "",
    `As of ${now.toISOString()}.`,
    "",
    ...facts,
    "",
    "| Repository | Phase | Reason | Lines | Cost | Pull request |",
    "| --- | --- | --- | --- | --- | --- |",
    ...table,
    "",
  ].join("\n");
}

function changed({ additions, deletions }: RepositoryRow): string {
  return additions === undefined ? "" : `+${additions} -${deletions ?? 0}`;
}

/** Texts of repositories stay texts: no link, no HTML, no column of their own. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[\\`*[\]<>|~]/g, (mark) => `\\${mark}`);
}
