import type { ReviewResult } from "@codybatch/crds";
import { vetoDemand } from "../prompt/second-opinion.ts";
import { numbered } from "./proposal.ts";
import { oneLine } from "./verdict.ts";

/** What the model that made the change is told of a veto. */
export function tellVeto(reasons: readonly string[]): string {
  return vetoDemand(numbered(reasons));
}

/** The same for a person, after the second one. */
export function tellRejected({ model, reasons, partial }: ReviewResult): string {
  const shown = reasons.slice(0, 3).map((reason) => oneLine(reason, 200));
  const more = reasons.length > shown.length ? ` (and ${reasons.length - shown.length} more)` : "";
  const part = partial === true ? ", of which it saw head and tail" : "";
  return `The second opinion by ${model} does not approve the change${part}, also after its first reasons were answered: ${shown.join(" ")}${more} Where it is right mend the prompt and run again; else take the patch by hand, or change spec.review.model.`;
}

/** What a reviewer should know of a verdict on less than the whole change. */
export function partialWarnings(review: ReviewResult | undefined): readonly string[] {
  return review?.partial === true
    ? ["ReviewPartial: the change was too long for the second opinion, which saw its head and its tail."]
    : [];
}
