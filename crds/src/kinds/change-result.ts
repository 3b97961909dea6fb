import { z } from "zod";

export const CheckResult = z.strictObject({
  name: z.string().max(63),
  outcome: z.enum(["Passed", "Failed", "NotRun"]),
  required: z.boolean(),
  exitCode: z.int().optional(),
  durationSeconds: z.number().optional(),
});

export const ChangeResult = z.strictObject({
  wereChangesNecessary: z.boolean(),
  summary: z.string().max(1024),
  explanation: z.string().max(4096),
  filesChanged: z.int().min(0),
  additions: z.int().min(0),
  deletions: z.int().min(0),
  checks: z.array(CheckResult).max(20).optional(),
  warnings: z.array(z.string().max(256)).max(20).optional(),
});
export type ChangeResult = z.infer<typeof ChangeResult>;
