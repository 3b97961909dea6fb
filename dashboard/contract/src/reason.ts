import { z } from "zod";

/** A reason in whole sentences, from the project's list of reasons. */
export const Explained = z.object({
  reason: z.string(),
  meaning: z.string().optional().meta({ description: "What happened; absent for a reason that this version does not know." }),
  kept: z.string().optional().meta({ description: "What stays of work and money." }),
  next: z.string().optional().meta({ description: "What to do next." }),
});
export type Explained = z.infer<typeof Explained>;
