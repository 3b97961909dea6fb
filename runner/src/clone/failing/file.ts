import { z } from "zod";

/** Lies beside `base.json` where the attempt is to mend a published change; clone alone writes there. */
export const failingChecksFile = "failing-checks.json";

/** What the failed checks said, for the model, and what of it could not be had, for the result. */
export const FailingChecks = z.object({ text: z.string(), warnings: z.array(z.string()) });
export type FailingChecks = z.infer<typeof FailingChecks>;

/** Most bytes of the file; what clone writes stays far below. */
export const mostFailingBytes = 1024 * 1024;
