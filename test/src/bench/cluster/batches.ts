import { apiVersion } from "@codybatch/crds";

/** How large the one apply is. */
export interface Size {
  readonly batches: number;
  /** Of each batch; all run at once, of which the schema allows 100. */
  readonly repositories: number;
}

const limits = { maxRepositories: 1000, parallelism: 1000, runningJobs: 100_000, maxTotalMiB: 100_000 };

/** The administrator's limits, out of the way of the measurement. */
export const limitsEnv = { CODYBATCH_LIMITS: JSON.stringify(limits) };

/** All with a claim, which more than 50 repositories need. Nobody looks for it: no pod is ever scheduled. */
export function batchesOf({ batches, repositories }: Size): readonly object[] {
  return Array.from({ length: batches }, (_, batch) => {
    const urls = Array.from({ length: repositories }, (__, index) => ({ url: `https://github.com/acme-${batch}/service-${index}` }));
    return {
      apiVersion,
      kind: "BatchChange",
      metadata: { name: `batch-${batch}` },
      spec: {
        prompt: "Add maintenance notes.",
        repositories: urls,
        parallelism: repositories,
        resultStorage: { type: "PersistentVolumeClaim", claimName: "results" },
      },
    };
  });
}
