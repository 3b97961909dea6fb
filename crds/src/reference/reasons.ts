import { conditionTypes, reasons } from "../reasons.ts";
import { table } from "./markdown.ts";

/** Every reason with its meaning and next step, as Markdown. */
export function referenceOfReasons(): string {
  const rows = Object.entries(reasons).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return [
    "# Reasons",
    "Generated from `crds/src/reasons.ts` by `npm run generate`. Do not edit.",
    `Reasons stand in \`status.reason\` of a Changeset, in its \`status.attempts\`, in Events, and in the conditions ${conditionTypes.join(", ")}.`,
    table(
      ["Reason", "Meaning", "Next step"],
      rows.map(([reason, { meaning, next }]) => [`\`${reason}\``, meaning, next]),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}
