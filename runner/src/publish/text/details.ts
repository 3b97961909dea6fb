import type { PublishInput } from "@codybatch/crds";
import { code, prose } from "./prose.ts";

/** What stands below every pull request's text: checks, warnings, cost, and how to have it made anew. */
export function details(input: PublishInput): string {
  return [checks(input), review(input), warnings(input), "---", origin(input), again(input)].filter((one) => one !== "").join("\n\n");
}

const outcomes = { Passed: "passed", Failed: "failed", NotRun: "not run" } as const;

function checks({ report: { checks: ran = [] } }: PublishInput): string {
  if (ran.length === 0) return "";
  const rows = ran.map(({ name, outcome, required, durationSeconds }) => {
    const seconds = durationSeconds === undefined ? "" : `${Math.round(durationSeconds)} s`;
    return `| ${cell(name)} | ${outcomes[outcome]} | ${required ? "yes" : "no"} | ${seconds} |`;
  });
  return ["| Check | Outcome | Required | Took |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** A bar ends a cell, in a code span too. */
function cell(text: string): string {
  return code(text.replaceAll("|", " "));
}

function review({ report: { review: opinion } }: PublishInput): string {
  if (opinion === undefined) return "";
  const reasons = opinion.reasons.map((reason) => `- ${inLine(reason)}`);
  return [`Second opinion of ${code(opinion.model)}: ${opinion.approved ? "approved" : "not approved"}.`, ...reasons].join("\n");
}

function warnings({ report: { warnings: said = [] } }: PublishInput): string {
  return said.length === 0 ? "" : ["**Warnings**", "", ...said.map((warning) => `- ${inLine(warning)}`)].join("\n");
}

function inLine(text: string): string {
  return prose(text.replaceAll(/\s+/g, " "), 400);
}

function origin({ namespace, batchChange, changeset, costUSD, dashboardURL }: PublishInput): string {
  const who = `Written by Claude for the batch change ${code(`${namespace}/${batchChange}`)} of Cody Batch, Changeset ${code(changeset.name)}.`;
  const cost = costUSD === undefined ? "" : ` Cost: $${costUSD}.`;
  const link = dashboardURL === undefined ? "" : ` [How it came about](<${new URL(dashboardURL).href}>).`;
  return `${who}${cost}${link}`;
}

function again({ namespace, changeset }: PublishInput): string {
  const patch = `{"spec":{"attempt":N}}`;
  const command = `kubectl patch changeset ${changeset.name} --namespace ${namespace} --type merge --patch '${patch}'`;
  return `To have it made anew, raise the Changeset's ${code("spec.attempt")} to the next N; what becomes of it is pushed to this pull request once it is approved:\n\n\`\`\`sh\n${command}\n\`\`\``;
}
