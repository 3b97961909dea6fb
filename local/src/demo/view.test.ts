import type { BatchChangeStatus, ChangesetPhase } from "@codybatch/crds";
import { expect, test } from "vitest";
import { batch, change, seen, usage } from "./testing/seen.ts";
import { columns, progressLines, summary } from "./table.ts";
import { only, rowsOf, standingOf } from "./view.ts";

const condition = (type: string, status: "True" | "False", message = "because"): NonNullable<BatchChangeStatus["conditions"]>[number] => ({
  type,
  status,
  reason: "R",
  message,
  lastTransitionTime: "2026-11-21T10:00:00Z",
});

test.each<[string, string, BatchChangeStatus, (ChangesetPhase | undefined)[]]>([
  ["not seen by the operator yet", "working", { observedGeneration: 0, phase: "Succeeded" }, []],
  ["without a phase", "working", {}, []],
  ["with a running Changeset", "working", { phase: "Running" }, ["Ready", "Running"]],
  ["with a pending Changeset", "working", { phase: "Running" }, ["Pending"]],
  ["whose phase is older than its Changesets", "working", { phase: "Succeeded" }, ["Ready", undefined]],
  ["all finished", "done", { phase: "Succeeded" }, ["Ready", "NoChange"]],
  ["waiting for approval", "done", { phase: "AwaitingApproval" }, ["AwaitingApproval", "Failed"]],
  ["cancelled", "done", { phase: "Cancelled" }, ["Cancelled"]],
  ["suspended", "held", { phase: "Suspended" }, ["Pending", "Ready"]],
  ["suspended, but one still runs", "working", { phase: "Suspended" }, ["Pending", "Running"]],
  ["out of money", "held", { phase: "Running", conditions: [condition("BudgetExceeded", "True")] }, ["Pending", "Ready"]],
  ["with a failed canary", "held", { phase: "Running", conditions: [condition("CanaryFailed", "True")] }, ["Pending", "Failed"]],
  ["with money left", "working", { phase: "Running", conditions: [condition("BudgetExceeded", "False")] }, ["Pending"]],
  ["not accepted", "refused", { phase: "Pending", conditions: [condition("Accepted", "False", "too many")] }, []],
])("a batch %s is %s", (_, kind, status, phases) => {
  const changes = phases.map((phase, index) => change("b", `acme/r${index}`, phase === undefined ? {} : { phase }));
  expect(standingOf(seen([batch("b", status, { suspend: status.phase === "Suspended" })], changes)).kind).toBe(kind);
});

test.each([
  ["has not been seen by the operator", "sha256:1", "ApprovalNeeded", "working"],
  ["is of another patch", "sha256:2", "ApprovalNeeded", "done"],
  ["was seen", "sha256:1", "ApprovalRecorded", "done"],
])("a batch with an approval that %s is %s", (_, patch, reason, kind) => {
  const stored = { digest: "sha256:1", baseCommit: "c", tree: "t", bytes: 1, ref: "r" };
  const waiting = change("b", "acme/api", { phase: "AwaitingApproval", reason, patch: stored });
  const approved = { ...waiting, spec: { ...waiting.spec, approval: { patch, by: "you" } } };
  expect(standingOf(seen([batch("b", { phase: "AwaitingApproval" })], [approved])).kind).toBe(kind);
});

test("one batch under way keeps all waiting, and a refused one ends it", () => {
  const done = batch("done", { phase: "Succeeded" });
  const working = batch("working", { phase: "Running" });
  const refused = batch("refused", { conditions: [condition("Accepted", "False", "at most 5")] });
  expect(standingOf(seen([done, working], [])).kind).toBe("working");
  expect(standingOf(seen([done, working, refused], []))).toEqual({ kind: "refused", message: "BatchChange refused is refused: at most 5" });
});

test("only the batches of this run are shown, in the order of the file", () => {
  const all = seen(
    [batch("old"), batch("a"), batch("b")],
    [change("a", "acme/z"), change("old", "acme/x"), change("a", "acme/c"), change("b", "acme/y")],
  );
  const manifest = (name: string) => ({ apiVersion: "v", kind: "BatchChange" as const, metadata: { name, namespace: "default" } });
  const shown = only(all, [manifest("b"), manifest("a")]);
  expect(shown.batches.map(({ metadata }) => metadata.name)).toEqual(["b", "a"]);
  expect(rowsOf(shown).map(({ repository }) => repository)).toEqual(["acme/y", "acme/c", "acme/z"]);
});

test("a running Changeset shows what the agent does, a finished one what it did", () => {
  const progress = new Map([
    ["default/b-acme-run", { version: 1 as const, turn: 3, activity: "edit_file a.js", usage: { ...usage, turns: 3 }, updatedAt: "" }],
  ]);
  const result = { wereChangesNecessary: true, summary: "Moved", explanation: "e", filesChanged: 1, additions: 2, deletions: 1 };
  const changes = [
    change("b", "acme/run", { phase: "Running" }),
    change("b", "acme/done", { phase: "Ready", diffStat: "+2 -1", result }),
    change("b", "acme/new"),
  ];
  expect(progressLines(rowsOf({ batches: [batch("b")], changes, progress }))).toEqual([
    "  b  acme/run   Running           turn 3: edit_file a.js",
    "  b  acme/done  Ready             +2 -1  Moved",
    "  b  acme/new   Pending",
  ]);
});

test("the summary has a block per batch with cost and tokens, and no cost where it is unknown", () => {
  const checks = [
    { name: "test", outcome: "Passed" as const, required: true },
    { name: "lint", outcome: "Failed" as const, required: false },
    { name: "slow", outcome: "NotRun" as const, required: false },
  ];
  const result = { wereChangesNecessary: true, summary: "s", explanation: "e", filesChanged: 1, additions: 2, deletions: 1, checks };
  const ready = change("a", "acme/api", { phase: "Ready", reason: "PatchReady", diffStat: "+2 -1", result, usage });
  const failed = change("a", "acme/web", { phase: "Failed", reason: "Refused" });
  const text = summary(seen([batch("a", { phase: "PartiallySucceeded", progress: "2/2", usage }), batch("b")], [ready, failed]));
  expect(text).toEqual([
    "a  (publish.policy Never): PartiallySucceeded 2/2, $0.0123",
    "  REPOSITORY  PHASE   REASON      DIFF   CHECKS      COST     TOKENS",
    "  acme/api    Ready   PatchReady  +2 -1  1/2 passed  $0.0123  100",
    "  acme/web    Failed  Refused",
    "",
    "b  (publish.policy Never): Pending",
    "  REPOSITORY  PHASE   REASON      DIFF   CHECKS      COST     TOKENS",
    "",
  ]);
});

test("columns are as wide as their widest cell", () => {
  expect(
    columns([
      ["a", "b"],
      ["long", "c"],
    ]),
  ).toEqual(["a     b", "long  c"]);
});
