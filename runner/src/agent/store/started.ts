import type { RunInput } from "@codybatch/crds";
import type { Happening } from "./transcript.ts";

/** The first line of a transcript. */
export function started(input: RunInput, baseCommit: string | undefined, resumedFrom: string | undefined): Happening {
  return {
    kind: "started",
    version: 1,
    changeset: input.changeset.name,
    attempt: input.attempt,
    try: input.try,
    model: input.agent.model,
    ...(input.review === undefined ? {} : { reviewModel: input.review.model }),
    ...(baseCommit === undefined ? {} : { baseCommit }),
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
    ...(input.ciFailure === undefined ? {} : { pullRequest: input.ciFailure.pullRequest }),
  };
}
