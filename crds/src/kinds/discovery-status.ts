import { z } from "zod";
import { Timestamp } from "./field.ts";

/** Lost: the Job ended and told nothing. */
export const discoveryOutcomes = ["Discovered", "Refused", "RateLimited", "Unavailable", "Lost"] as const;

const count = z.int().min(0);

export const DiscoveryStatus = z.strictObject({
  settled: z.int().min(0).meta({ description: "Discover Jobs whose end is counted here." }),
  outcome: z.enum(discoveryOutcomes).optional().meta({ description: "What the last of them came to. Discovered is final." }),
  reason: z.string().max(64).optional().meta({ description: "Why it was refused; see the list of reasons." }),
  message: z.string().max(1024).optional().meta({ description: "The same for a person, and how to read the whole answer." }),
  at: Timestamp.optional().meta({ description: "When it ended." }),
  againAt: Timestamp.optional().meta({ description: "When it is tried again by itself; absent: it is not." }),
  subject: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "Hash of the limits and entries that it knew; others make a refused search run again." }),
  ref: z.string().max(253).optional().meta({ description: "ConfigMap with the answer: what was found, taken and skipped, and why." }),
  found: count.optional().meta({ description: "Repositories that the searches found." }),
  taken: count.optional().meta({ description: "Repositories that are changed; each has a Changeset." }),
  skipped: z
    .array(
      z.strictObject({
        reason: z.string().max(64).meta({ description: "Why they were left out." }),
        count: count.meta({ description: "So many." }),
      }),
    )
    .max(16)
    .optional()
    .meta({
      description: "Found repositories that are not taken.",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["reason"],
    }),
  truncated: z.boolean().optional().meta({ description: "GitHub shows the first 1,000 matches only, and there are more." }),
  incomplete: z.boolean().optional().meta({ description: "GitHub's search ran out of time, so that some may be missing." }),
});
export type DiscoveryStatus = z.infer<typeof DiscoveryStatus>;
