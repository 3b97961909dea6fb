import { z } from "zod";

import { metadataSchema } from "./metadata.ts";

const templateSchema = z.looseObject({
  metadata: z
    .looseObject({ labels: z.record(z.string(), z.string()).default({}), annotations: z.record(z.string(), z.string()).default({}) })
    .default({ labels: {}, annotations: {} }),
  spec: z.looseObject({}),
});

const jobConditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastProbeTime: z.string().nullish(),
  lastTransitionTime: z.string().nullish(),
});

const jobStatusSchema = z.looseObject({
  active: z.number().optional(),
  ready: z.number().optional(),
  terminating: z.number().optional(),
  succeeded: z.number().optional(),
  failed: z.number().optional(),
  startTime: z.string().optional(),
  completionTime: z.string().optional(),
  conditions: z.array(jobConditionSchema).optional(),
});

/** A Job as far as the process runner reads it; one pod at a time, one completion. */
export const jobSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    suspend: z.boolean().default(false),
    backoffLimit: z.number().default(6),
    podReplacementPolicy: z.string().default("TerminatingOrFailed"),
    template: templateSchema,
  }),
  status: jobStatusSchema.default({}),
});

export type Job = z.infer<typeof jobSchema>;
export type JobStatus = z.infer<typeof jobStatusSchema>;
export type JobCondition = z.infer<typeof jobConditionSchema>;

/** Whether the Job ended, one way or the other. */
export function isFinished(job: Job): boolean {
  return (job.status.conditions ?? []).some(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
}
