import { batchPhases } from "@codybatch/crds";
import { z } from "zod";
import { At, Count, Dollars } from "../field.ts";

/** One line of the list of batches: at most 400 bytes of JSON. Counts that are 0 are there, money only with the right to see it. */
export const BatchRow = z.object({
  namespace: z.string(),
  name: z.string(),
  phase: z.enum(batchPhases),
  total: Count.meta({ description: "Repositories, those taken out and duplicates not counted." }),
  finished: Count.meta({ description: "Repositories that are finished, of `total`." }),
  failed: Count,
  running: Count,
  waiting: Count,
  pullRequests: Count.meta({ description: "Pull requests that were opened." }),
  merged: Count,
  createdAt: At,
  finishedAt: At.optional(),
  costUSD: Dollars.optional(),
  budgetUSD: Dollars.optional(),
});
export type BatchRow = z.infer<typeof BatchRow>;
