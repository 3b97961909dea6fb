import { join } from "node:path";
import { paths, urlOf } from "@codybatch/dashboard-contract";
import { recordName } from "@codybatch/crds";
import { at, endedAttempt, eventually, gz, type stages, type Stage } from "../../../server/src/testing/stage.ts";
import { hostile, patch, transcript } from "./payload.ts";

export const batch = { namespace: "team-a", name: "node-24" };
/** The repository that has a patch and a transcript. */
export const ready = { ...batch, changeset: "node-24-0000000001" };
const pod = `${ready.changeset}-0-1-abcde`;
const built = join(import.meta.dirname, "../../../web/dist");

/** Makes a dashboard serve the pages to anybody on this machine. */
export const serving = { CODYBATCH_DASHBOARD_AUTH: "none", CODYBATCH_DASHBOARD_WEB_DIR: built } as const;

/** A dashboard with its pages and nothing to show. */
export function emptyWorld(
  open: ReturnType<typeof stages>,
  env: Readonly<Record<string, string>> = {},
  options: Parameters<typeof open>[1] = {},
): Promise<Stage> {
  return open({ ...serving, ...env }, options);
}

const result = {
  wereChangesNecessary: true,
  summary: "The server listens on **8080** of the loopback address.",
  explanation: `Port 80 needs rights that the container has not. ${hostile}`,
  filesChanged: 5,
  additions: 1610,
  deletions: 8,
  checks: [{ name: "test", outcome: "Passed", required: true, exitCode: 0, durationSeconds: 8 }],
  warnings: ["The lock file was made anew."],
};

/** Batches in several phases; the first has repositories of every kind. */
export async function fullWorld(...world: Parameters<typeof emptyWorld>): Promise<Stage> {
  const stage = await emptyWorld(...world);
  await stage.batch(batch.namespace, batch.name, {
    labels: { wave: "one" },
    spec: { budget: { maxCostUSD: "10.00" }, publish: { policy: "OnApproval" } },
    status: {
      phase: "AwaitingApproval",
      progress: "4/6",
      startedAt: at(0),
      counts: { awaitingApproval: 1, failed: 2, running: 1, pending: 1, merged: 1 },
      pullRequests: 1,
      usage: { input: 9000, output: 4000, cacheRead: 90_000, cacheWrite: 8000, costUSD: "1.25" },
      conditions: [{ type: "Accepted", status: "True", reason: "Valid", message: "The spec is valid.", lastTransitionTime: at(0) }],
    },
  });
  await stage.batch("team-b", "eslint-10", {
    labels: { wave: "two" },
    status: { phase: "Succeeded", counts: { merged: 3 }, progress: "3/3", pullRequests: 3 },
  });
  await stage.batch("team-b", "licences", { status: { phase: "Running", counts: { running: 2 }, progress: "0/2", startedAt: at(1) } });
  await addRepositories(stage);
  await eventually("all is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 6);
  await eventually("the batches are listed", async () => (await stage.get(paths.batches)).body?.total === 3);
  return stage;
}

async function addRepositories(stage: Stage): Promise<void> {
  const attempt = endedAttempt(pod, { transcript: { refs: [recordName.transcript(pod, 0)], events: transcript.length } });
  const owner = await stage.changeset("team-a", ready.changeset, batch.name, {
    repository: "acme/api",
    status: {
      phase: "AwaitingApproval",
      reason: "ApprovalNeeded",
      result,
      attempts: [attempt],
      patch: attempt.patch,
      transcript: attempt.transcript,
      usage: attempt.usage,
    },
  });
  await stage.record(owner, "patch", { name: recordName.patch(pod), binary: gz.patch(patch) });
  await stage.record(owner, "transcript", { name: recordName.transcript(pod, 0), binary: gz.transcript(transcript) });
  const others = [
    { phase: "Failed", reason: "CheckFailed", repository: "acme/web" },
    { phase: "Failed", reason: "TurnsExhausted", repository: "acme/a-repository-with-a-name-that-is-much-longer-than-most" },
    { phase: "Running", reason: "AgentRunning", repository: "acme/worker" },
    { phase: "Pending", reason: "WaitingForSlot", repository: "acme/docs" },
    {
      phase: "Merged",
      repository: "acme/site",
      pullRequest: { url: "https://github.com/acme/site/pull/7", number: 7, state: "merged", mergedAt: at(9) },
    },
  ];
  for (const [index, { repository, ...status }] of others.entries()) {
    await stage.changeset("team-a", `node-24-000000000${index + 2}`, batch.name, { repository, status });
  }
}
