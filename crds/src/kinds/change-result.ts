import { z } from "zod";
import { ReviewResult } from "./review.ts";

export const CheckResult = z.strictObject({
  name: z.string().max(63).meta({ description: "The check's name." }),
  outcome: z.enum(["Passed", "Failed", "NotRun"]).meta({ description: "How its last run ended." }),
  required: z.boolean().meta({ description: "Whether the change had to pass it." }),
  exitCode: z.int().optional().meta({ description: "Exit code of its command." }),
  durationSeconds: z.number().optional().meta({ description: "How long it ran." }),
});

export const ChangeResult = z.strictObject({
  wereChangesNecessary: z.boolean().meta({ description: "Whether the patch is not empty." }),
  summary: z.string().max(1024).meta({ description: "What was done, in a sentence or two." }),
  explanation: z.string().max(4096).meta({ description: "Why it was done so, or why nothing was to be done." }),
  filesChanged: z.int().min(0).meta({ description: "Files in the patch." }),
  additions: z.int().min(0).meta({ description: "Added lines." }),
  deletions: z.int().min(0).meta({ description: "Deleted lines." }),
  checks: z.array(CheckResult).max(20).optional().meta({ description: "The checks on the patch." }),
  review: ReviewResult.optional().meta({ description: "The second opinion that spec.review asks for; absent where none was needed." }),
  warnings: z.array(z.string().max(256)).max(20).optional().meta({ description: "What a reviewer should know." }),
});
export type ChangeResult = z.infer<typeof ChangeResult>;
