import { dirname } from "node:path/posix";
import { claimPath, jobName, nanoUSD, type BatchChange, type RunInput, type StoredPatch } from "@codybatch/crds";
import type { Start } from "./gates.ts";
import { jobManifest } from "./manifest/job.ts";
import { toolboxOf } from "./manifest/toolbox.ts";
import type { Observed } from "./observed.ts";
import { ciFailureOf } from "./publish/mending.ts";
import { promptNameOf } from "./retention.ts";
import { bytesPerTry } from "./storage.ts";
import type { CreateJob } from "./wish.ts";
import type { Work } from "./work.ts";

/** The Job of a Changeset's next try. */
export function jobOf(
  work: Work,
  next: Start,
  observed: Observed,
  hashes: { readonly prompt: string; readonly inputs: string },
): CreateJob {
  const { batch, settings } = observed;
  const { changeset } = work;
  const name = jobName(changeset.metadata.name, work.run, next.try);
  return {
    kind: "CreateJob",
    name,
    changeset,
    reservedNanoUSD: next.reserveNanoUSD,
    manifest: jobManifest({
      name,
      batch,
      changeset,
      input: inputOf(work, next, observed),
      promptName: promptNameOf(batch.metadata.name, hashes.prompt),
      inputsHash: hashes.inputs,
      reservedNanoUSD: next.reserveNanoUSD,
      resumeFrom: next.resume?.ref,
      settings,
    }),
  };
}

function inputOf(work: Work, next: Start, { batch, limits }: Observed): RunInput {
  const { changeset, run } = work;
  const { url, name, branch, instructions } = changeset.spec.repository;
  const { type } = batch.spec.resultStorage;
  const setup = toolboxOf(batch.spec)?.setup ?? [];
  return {
    version: 1,
    namespace: changeset.metadata.namespace,
    batchChange: batch.metadata.name,
    changeset: { name: changeset.metadata.name, uid: changeset.metadata.uid },
    repository: { url, name, branch, ...(instructions !== undefined && { instructions }) },
    attempt: run,
    try: next.try,
    agent: agentOf(batch, next),
    ...(batch.spec.review !== undefined && { review: batch.spec.review }),
    checks: batch.spec.checks ?? [],
    ...(setup.length > 0 && { setup }),
    allowPaths: batch.spec.publish.allowPaths ?? [],
    ...(next.resume !== undefined && { resume: resumeOf(next.resume) }),
    ...ciFailureOf(work),
    ...(limits.prices.length > 0 && { prices: limits.prices }),
    storage: { type, maxBytes: bytesPerTry(limits, type) },
  };
}

/** The agent's limits with what is left of the attempt's money. */
function agentOf({ spec: { agent } }: BatchChange, { reserveNanoUSD }: Start): RunInput["agent"] {
  return { ...agent, maxCostNanoUSD: Math.min(reserveNanoUSD, nanoUSD(agent.maxCostUSD)) };
}

/** The ConfigMap's name begins with its pod's, and the path on the claim is in its pod's folder. */
function resumeOf({ digest, baseCommit, ref }: StoredPatch): NonNullable<RunInput["resume"]> {
  const path = claimPath(ref);
  return { digest, baseCommit, fromPod: path === undefined ? ref.replace(/-(live|patch)$/, "") : dirname(path) };
}
