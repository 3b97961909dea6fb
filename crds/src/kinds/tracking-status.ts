import { z } from "zod";
import { Timestamp } from "./field.ts";

export const TrackingStatus = z.strictObject({
  settled: z.int().min(0).meta({ description: "Track Jobs whose end is counted here." }),
  lookedAt: Timestamp.optional().meta({ description: "When the last look at the pull requests ended, whatever it came to." }),
  heldUntil: Timestamp.optional().meta({ description: "Before then the host wants no request." }),
  reason: z.string().max(64).optional().meta({ description: "Why the last look saw nothing, or not all." }),
  message: z.string().max(1024).optional().meta({ description: "The same for a person, with the next step." }),
});
export type TrackingStatus = z.infer<typeof TrackingStatus>;

/** Rounded down, so that 100 means all of it. */
const percent = z.int().min(0).max(100).optional();
const seconds = z.int().min(0).optional();

/** Each is absent while there is nothing that it speaks of. */
export const Rates = z.strictObject({
  successPercent: percent.meta({ description: "Of the repositories that ended, those that did not fail." }),
  mergePercent: percent.meta({ description: "Of the pull requests that were merged or closed, those that were merged." }),
  mergedUntouchedPercent: percent.meta({ description: "Of the merged ones, those without a commit of a person." }),
  medianSecondsToResult: seconds.meta({ description: "From apply to the result of a repository." }),
  medianSecondsToMerge: seconds.meta({ description: "From apply to the merge." }),
  openLong: z.int().min(0).optional().meta({ description: "Pull requests that have been open for longer than 14 days." }),
});
export type Rates = z.infer<typeof Rates>;
