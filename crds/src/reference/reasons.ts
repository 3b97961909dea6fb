import { conditionTypes } from "../reasons.ts";
import { conditionExplanations } from "../reasons/condition.ts";
import type { Explanation } from "../reasons/explanation.ts";
import { hostExplanations } from "../reasons/host.ts";
import { infrastructureExplanations } from "../reasons/infrastructure.ts";
import { phaseExplanations } from "../reasons/phase.ts";
import { publishExplanations } from "../reasons/publish.ts";
import { runExplanations } from "../reasons/run.ts";
import { waitingExplanations } from "../reasons/waiting.ts";

const head = `# Reasons

Generated from \`crds/src/reasons\` by \`npm run generate\`. Do not edit.

A reason stands in \`status.reason\` of a Changeset, in its \`status.attempts\`, in Events, and in the conditions ${conditionTypes.join(", ")}. In the commands
NAMESPACE, BATCH and CHANGESET stand for your names. \`status.message\` has the same with your names filled in.

**Run it again** means one repository, by raising the number that its Changeset has, or all failed ones of a batch:

    kubectl -n NAMESPACE patch cset CHANGESET --type merge -p '{"spec":{"attempt":1}}'
    kubectl -n NAMESPACE patch bc BATCH --type merge -p '{"spec":{"retryFailed":1}}'`;

const sections: readonly (readonly [string, Readonly<Record<string, Explanation>>])[] = [
  ["Why an attempt ended", runExplanations],
  ["Faults of the cluster", infrastructureExplanations],
  ["What a repository waits for", waitingExplanations],
  ["What the git host says", hostExplanations],
  ["What becomes of a patch that may be published", publishExplanations],
  ["Other reasons of a Changeset", phaseExplanations],
  ["Reasons of conditions", conditionExplanations],
];

/** Every reason with what happened, what was kept, where to look and what to do next, as Markdown. */
export function referenceOfReasons(): string {
  return [head, ...sections.flatMap(([title, explanations]) => [`## ${title}`, ...Object.entries(explanations).map(paragraph)])]
    .join("\n\n")
    .concat("\n");
}

function paragraph([reason, { meaning, kept, look, next }]: [string, Explanation]): string {
  return [`### ${reason}`, `${meaning} **Next:** ${next}`, `**Kept:** ${kept} **Look:** \`${look}\``].join("\n\n");
}
