import { resources } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import { batchManifest } from "../batch.ts";
import { inFlight } from "../in-flight.ts";
import { inFlightMost } from "../client.ts";

export interface Filled {
  readonly batches: number;
  readonly repositories: number;
  /** The batch that has most repositories. */
  readonly large: string;
  readonly changesetBytes: number;
}

const phases = ["Merged", "Open", "Ready", "Failed", "NoChange", "Running"] as const;
const reasons = { Failed: ["Stuck", "CheckFailed", "NodeLost", "TurnsExhausted"] } as const;
const usage = { input: 84_211, output: 9312, cacheRead: 1_204_331, cacheWrite: 61_022, costUSD: "0.812345678" };

/** Makes batches and Changesets as the operator leaves them, without an operator. */
export async function fillCluster(
  client: Client,
  size: { readonly batches: number; readonly repositories: number; readonly large: number },
): Promise<Filled> {
  const large = "batch-0";
  await inFlight(
    Array.from({ length: size.batches }, (_none, index) => index),
    inFlightMost,
    async (index) => {
      const name = `batch-${index}`;
      const urls = Array.from({ length: 5 }, (_none, place) => `https://github.com/acme-${index}/service-${place}`);
      await client.create(resources.batchChanges, "default", batchManifest(name, urls, 5));
      await client.mergePatch(resources.batchChanges, "default", name, { status: batchStatus(index) }, "status");
    },
  );
  const rest = size.repositories - size.large;
  const batchOf = (index: number): string =>
    index < size.large ? large : `batch-${1 + (Math.floor(((index - size.large) * (size.batches - 1)) / rest) % (size.batches - 1))}`;
  let bytes = 0;
  await inFlight(
    Array.from({ length: size.repositories }, (_none, index) => index),
    inFlightMost,
    async (index) => {
      const [batchChange, name] = [batchOf(index), `c-${index}`];
      const repository = { url: `https://github.com/acme/service-${index}`, name: `acme/service-${index}` };
      const manifest = { apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", metadata: { name }, spec: { batchChange, repository } };
      await client.create(resources.changesets, "default", manifest);
      const written = await client.mergePatch(resources.changesets, "default", name, { status: changesetStatus(index) }, "status");
      if (index === 0) bytes = JSON.stringify(written).length;
    },
  );
  return { batches: size.batches, repositories: size.repositories, large, changesetBytes: bytes };
}

function batchStatus(index: number): object {
  const counts = { merged: 4, open: 2, ready: 1, failed: index % 3, noChange: 1, running: index % 5 === 0 ? 1 : 0 };
  const repositories = Array.from({ length: 10 }, (_none, place) => ({
    name: `acme-${index}/service-${place}`,
    changeset: `c-${index}`,
    phase: "Merged",
  }));
  return {
    phase: index % 5 === 0 ? "Running" : "PartiallySucceeded",
    progress: "9/10",
    counts,
    waiting: 0,
    usage,
    pullRequests: 6,
    repositories,
  };
}

function changesetStatus(index: number): object {
  const phase = phases[index % phases.length] ?? "Ready";
  const [startedAt, finishedAt] = ["2026-11-20T10:00:00Z", `2026-11-20T10:${String(index % 60).padStart(2, "0")}:30Z`];
  const patch = {
    digest: `sha256:${"a".repeat(64)}`,
    baseCommit: "b".repeat(40),
    tree: "c".repeat(40),
    bytes: 1200,
    ref: `c-${index}-0-1-abcde-patch`,
  };
  const transcript = { refs: [`c-${index}-0-1-abcde-transcript-0`], events: 90 };
  const base = {
    attempt: 0,
    try: 1,
    job: `c-${index}-0-1`,
    pod: `c-${index}-0-1-abcde`,
    inputsHash: "d".repeat(16),
    chargedNanoUSD: 812_345_678,
  };
  const attempt = {
    ...base,
    outcome: phase === "Failed" ? "Failed" : "Reported",
    reason: "Reported",
    usage,
    startedAt,
    finishedAt,
    patch,
    transcript,
  };
  const url = `https://github.com/acme/service-${index}/pull/${index}`;
  const opened = {
    url,
    number: index + 1,
    state: phase === "Merged" ? "merged" : "open",
    checks: "passing",
    review: "approved",
    createdAt: finishedAt,
  };
  return {
    phase,
    ...(phase === "Failed" ? { reason: reasons.Failed[index % 4] } : {}),
    message: "What happened, and the exact next command, in a sentence or two.",
    result: {
      wereChangesNecessary: true,
      summary: "Moved to Node 24.",
      explanation: "x".repeat(400),
      filesChanged: 3,
      additions: 12,
      deletions: 4,
    },
    usage,
    attempts: [attempt],
    patch,
    transcript,
    ...(phase === "Merged" || phase === "Open" ? { pullRequest: opened } : {}),
  };
}
