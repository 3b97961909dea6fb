import type { Observed } from "../observed.ts";

/** The API server has only just refused a Job of the batch itself. */
export function isTaskRefused(observed: Pick<Observed, "batch" | "refusedJobs">): boolean {
  return taskRefusal(observed) !== undefined;
}

/** In the API server's words. */
export function taskRefusal({ batch, refusedJobs }: Pick<Observed, "batch" | "refusedJobs">): string | undefined {
  return refusedJobs.find(({ changeset }) => changeset === batch.metadata.name)?.message;
}
