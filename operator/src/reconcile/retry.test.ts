import type { Attempt, Changeset } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { nextTry } from "./retry.ts";
import { defaultTimings } from "./settings.ts";
import { specOf } from "./testing/build.ts";
import type { Work } from "./work.ts";

const now = new Date("2026-03-02T10:00:00Z");
const finishedAt = "2026-03-02T09:50:00Z";
const dollar = 1_000_000_000;

function attemptOf(part: Partial<Attempt>): Attempt {
  return {
    attempt: 0,
    try: 0,
    job: "j",
    outcome: "InfrastructureFault",
    reason: "Evicted",
    inputsHash: "",
    chargedNanoUSD: 0,
    finishedAt,
    ...part,
  };
}

const spent = (dollars: number) => ({ input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costUSD: dollars.toFixed(2) });
const patch = { digest: "sha256:1", baseCommit: "c", tree: "t", bytes: 1, ref: "pod-a-live" };

function next(attempts: readonly Attempt[], run = 0): string {
  const untouched = { settled: [], open: undefined, jobs: [], busy: false, pullRequest: undefined };
  const work: Work = { changeset: {} as Changeset, entry: undefined, run, attempts, ...untouched };
  const found = nextTry(work, specOf({ agent: { maxCostUSD: 2 } }).agent, defaultTimings, now);
  if (found.kind === "Start")
    return `try ${found.try} with $${found.reserveNanoUSD / dollar}${found.resume ? ` from ${found.resume.ref}` : ""}`;
  return found.kind === "Wait" ? `wait until ${found.until.toISOString().slice(11, 19)}` : `over: ${found.last.reason}`;
}

describe("the next try", () => {
  it.each<[string, string, Attempt[], number?]>([
    ["try 0 with $2", "nothing has run", []],
    ["try 0 with $2", "the user asks again", [attemptOf({ outcome: "Failed", reason: "Stuck" })], 1],
    ["over: Reported", "the agent reported", [attemptOf({ outcome: "Reported", reason: "Reported" })]],
    ["over: Stuck", "the agent failed by itself", [attemptOf({ outcome: "Failed", reason: "Stuck" })]],
    ["over: CancelRequested", "the user stopped it", [attemptOf({ outcome: "Cancelled", reason: "CancelRequested" })]],
    ["try 1 with $1.5 from pod-a-live", "a fault ended it", [attemptOf({ chargedNanoUSD: dollar / 2, patch })]],
    [
      "try 1 with $2 from pvc:pod-a/change.patch.gz",
      "the patch lies in the pod's folder on the claim",
      [attemptOf({ pod: "pod-a", patch: { ...patch, ref: "pvc:pod-a/change.patch.gz" } })],
    ],
    ...["pvc:pod-b/change.patch.gz", "pvc:../change.patch.gz", "pvc:pod-a/other"].map((ref): [string, string, Attempt[]] => [
      "try 1 with $2",
      `the patch is said to lie at ${ref}`,
      [attemptOf({ pod: "pod-a", patch: { ...patch, ref } })],
    ]),
    ["wait until 10:00:05", "the fault was 5 seconds ago", [attemptOf({ finishedAt: "2026-03-02T09:59:55Z" })]],
    [
      "try 2 with $1.25",
      "two faults ended it",
      [attemptOf({ chargedNanoUSD: dollar / 2 }), attemptOf({ try: 1, chargedNanoUSD: dollar / 4 })],
    ],
    ["over: Evicted", "three faults ended it", [0, 1, 2].map((number) => attemptOf({ try: number }))],
    [
      "try 1 with $1.2",
      "a lost pod was charged all, and had spent $0.80 as far as known",
      [attemptOf({ chargedNanoUSD: 2 * dollar, usage: spent(0.8) })],
    ],
    ["try 1 with $2", "a lost pod was charged all, and nothing is known of it", [attemptOf({ chargedNanoUSD: 2 * dollar })]],
    ["over: Evicted", "the attempt's money is used up", [attemptOf({ chargedNanoUSD: 2 * dollar, usage: spent(2) })]],
  ])("is %s when %s", (want, _, attempts, run) => {
    expect(next(attempts, run)).toBe(want);
  });
});
