import type { ChangeResult } from "@codybatch/crds";
import type { Work } from "./work.ts";

/** What was reported of the run that the user asks for: in the pass that settles it, and from status afterwards. */
export function reportOf({ changeset: { status }, settled, run }: Work): ChangeResult | undefined {
  const fresh = settled.findLast(({ attempt }) => attempt.attempt === run);
  return fresh === undefined ? status?.result : fresh.report;
}

/** What somebody should know of the checks before the patch is read; empty when there is nothing. */
export function checksNote({ checks = [], warnings = [] }: Pick<ChangeResult, "checks" | "warnings">): string {
  const failsOnBase = (name: string): boolean => warnings.some((warning) => warning.startsWith(`BaselineFailing: the check ${name} `));
  const failing = checks.filter(({ outcome }) => outcome === "Failed").map(({ name }) => name);
  const mended = checks.filter(({ name, outcome }) => outcome === "Passed" && failsOnBase(name)).map(({ name }) => name);
  const shown = failing.map((name) => (failsOnBase(name) ? `${name} (without the change too)` : name));
  const sentences = [
    failing.length === 0 ? "" : `Failing ${failing.length === 1 ? "check" : "checks"}: ${shortened(shown)}.`,
    mended.length === 0 ? "" : `It mends: ${shortened(mended)}.`,
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** A few names, so that the commands behind them are not cut off. */
function shortened(names: readonly string[]): string {
  const more = names.length - 2;
  return names.slice(0, 2).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
