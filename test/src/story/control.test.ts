import type { Changeset } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { isTurn, startLocalMode } from "../local-mode/index.ts";
import type { Hold, LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, reports, scenario } from "./model.ts";
import { obey } from "./obey.ts";
import { expectApplies, transcriptOf } from "./stored.ts";

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    scenarios: [
      scenario("mended", { promptContains: "Mended." }, ...changes("mended.txt")),
      scenario("bad", { repository: "*/bad" }, { say: "I give up." }),
      scenario("fine", { repository: "*/fine" }, reports(false, "Nothing to do")),
      scenario("well", {}, ...changes("first.txt")),
    ],
  });
});
afterAll(() => endStory(local));

afterEach(({ task }) => tellFailure(local, task));

function batchOf(name: string): Batch {
  return new Batch(local, name);
}

/** Makes repositories `<owner>/<name>`; gives their URLs. */
function repositories(owner: string, ...names: readonly string[]): string[] {
  return names.map((name) => local.repository(`${owner}/${name}`, { "a.txt": "a\n" }));
}

/** Holds that question of a repository's conversation. */
function holdTurn(repository: string, turn: number): Hold {
  return local.gates.claude.hold("before", isTurn(repository, turn));
}

test.concurrent("parallelism 1 runs one repository at a time; suspended, the running one ends and the next starts only on resume", async () => {
  const held = holdTurn("pace/one", 0);
  const batch = await batchOf("pace").create(repositories("pace", "one", "two"), { parallelism: 1 });
  await held.reached();
  await batch.ends("pace/one", "Running", "AgentRunning");
  const waiting = await batch.ends("pace/two", "Pending", "WaitingForSlot");
  expect(waiting.status.message).toContain("raise spec.parallelism");
  expect(await batch.reaches("Running")).toMatchObject({ progress: "0/2", waiting: 1, counts: { running: 1, pending: 1 } });
  await batch.edit({ suspend: true });
  held.release();
  await batch.ends("pace/one", "Ready");
  expect((await batch.ends("pace/two", "Pending", "Suspended")).status.message).toContain("Set spec.suspend to false.");
  expect(await batch.reaches("Suspended")).toMatchObject({ progress: "1/2", counts: { ready: 1, pending: 1 } });
  expect(await batch.jobs()).toHaveLength(1);
  await batch.edit({ suspend: false });
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "2/2", counts: { ready: 2 } });
});

test.concurrent("cancel in mid-run keeps transcript and patch so far, starts nothing more, and is final", async () => {
  const held = holdTurn("stop/one", 1);
  const batch = await batchOf("stop").create(repositories("stop", "one", "two"), { parallelism: 1 });
  await held.reached();
  await batch.edit({ cancel: true });
  const status = await batch.reaches("Cancelled");
  expect(status).toMatchObject({ progress: "2/2", counts: { cancelled: 2 } });
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Complete", status: "True", reason: "SomeCancelled" }));
  const one = await batch.ends("stop/one", "Cancelled", "CancelRequested");
  expect(one.status).toMatchObject({ diffStat: "+1 -0", attempts: [{ outcome: "Cancelled", reason: "CancelRequested" }] });
  expect(one.status.message).not.toContain("Run it again");
  expect(await expectApplies(local, one)).toContain("first.txt");
  const events = await transcriptOf(local, one);
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["assistant", "tool"]));
  expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "Interrupted" });
  expect((await batch.ends("stop/two", "Cancelled")).status).not.toHaveProperty("attempts");
  await expect(batch.edit({ cancel: false })).rejects.toThrow(/spec\.cancel.*is final/);
  await eventually("the cancelled Job is gone", async () => ((await batch.jobs()).length === 0 ? true : undefined));
});

test.concurrent("a failed canary holds the rest back until retryFailed makes it good; then the rest runs", async () => {
  const batch = await batchOf("bird").create(repositories("bird", "bad", "rest"), { rollout: { canary: 1 } });
  const failed = await batch.condition("CanaryFailed", "True");
  expect(failed.message).toBe(
    `bird/bad did not end well, so the rest wait. Mend the cause, then retry: kubectl -n default patch bc bird --type merge -p '{"spec":{"retryFailed":1}}' Or go on without: set spec.rollout.canary to 0.`,
  );
  await batch.ends("bird/bad", "Failed", "NotReported");
  await batch.ends("bird/rest", "Pending", "WaitingForCanary");
  expect(await batch.jobs()).toHaveLength(1);
  expect(await batch.events("CanaryNotGood")).toContainEqual(expect.objectContaining({ type: "Warning", reason: "CanaryNotGood" }));

  await batch.edit({ prompt: "Mended.", retryFailed: 1 });
  const status = await batch.reaches("Succeeded");
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "CanaryFailed", status: "False" }));
  const bird = await batch.ends("bird/bad", "Ready");
  expect(bird).toMatchObject({
    spec: { retryGeneration: 1 },
    status: { attempt: 1, attempts: [{ outcome: "Failed" }, { outcome: "Reported" }] },
  });
  expect(await expectApplies(local, bird)).toContain("mended.txt");
  expect((await batch.ends("bird/rest", "Ready")).status.attempts).toHaveLength(1);
});

test.concurrent("two repositories of a budget for one: the second waits, the batch says so, and goes on when the budget is raised", async () => {
  const held = holdTurn("money/one", 0);
  const batch = await batchOf("money").create(repositories("money", "one", "two"), { budget: { maxCostUSD: "2.00" } });
  await held.reached();
  await batch.ends("money/two", "Pending", "WaitingForBudget");
  expect(await batch.until("is not over its budget while one runs", () => true)).not.toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: "BudgetExceeded", status: "True" })]) as unknown,
  });
  held.release();
  const exceeded = await batch.condition("BudgetExceeded", "True");
  expect(exceeded).toMatchObject({ reason: "BudgetSpent" });
  const one = await batch.ends("money/one", "Ready");
  expect(exceeded.message).toContain(`$${one.status.usage?.costUSD} of $2.00 are spent`);
  expect(exceeded.message).toContain("Raise spec.budget.maxCostUSD to go on.");
  expect((await batch.ends("money/two", "Pending", "WaitingForBudget")).status.message).toContain("raise spec.budget.maxCostUSD");
  await batch.edit({ budget: { maxCostUSD: "2.50" } });
  const status = await batch.reaches("Succeeded");
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: "BudgetExceeded", status: "False" }));
});

test.concurrent("an approval names exactly the stored patch, is shown with its giver, and is void after a new attempt", async () => {
  const batch = await batchOf("agree").create(repositories("agree", "api", "fine"), { publish: { policy: "OnApproval" } });
  await batch.ends("agree/fine", "NoChange");
  const first = await batch.ends("agree/api", "AwaitingApproval", "ApprovalNeeded");
  expect(await batch.reaches("AwaitingApproval")).toMatchObject({ progress: "1/2", counts: { awaitingApproval: 1, noChange: 1 } });
  await expectApplies(local, first);
  const wrong = { approval: { patch: `sha256:${"0".repeat(64)}`, by: "alice" } };
  await expect(approve(first, wrong)).rejects.toThrow(
    "must name the patch that is stored now: read it, then set spec.approval.patch to status.patch.digest",
  );
  await obey(local, first.status.message?.split("then approve it:")[1]);
  const approved = await batch.changeset("agree/api", "is approved", ({ status }) => status?.publishing?.approval !== undefined);
  expect(approved.status.publishing?.approval).toMatchObject({ by: "alice", patch: first.status.patch?.digest });
  expect(approved.status.conditions).toContainEqual(expect.objectContaining({ type: "Approved", status: "True" }));

  await batch.edit({ prompt: "Mended." });
  const outdated = await batch.changeset("agree/api", "is outdated", ({ status }) => status?.outdated === true);
  expect(outdated.status).toMatchObject({ attempt: 0 });
  await local.api.patch(resources.changesets, first.metadata.name, { spec: { attempt: 1 } });
  const second = await batch.changeset(
    "agree/api",
    "has a new patch",
    ({ status }) => status?.attempt === 1 && status.reason === "ApprovalNeeded",
  );
  expect(second.status.patch?.digest).not.toBe(first.status.patch?.digest);
  expect(second.status.outdated).toBeUndefined();
  expect(second.status.conditions).toContainEqual(
    expect.objectContaining({
      type: "Approved",
      status: "False",
      reason: "ApprovalVoid",
      message: expect.stringContaining(first.status.patch!.digest) as string,
    }),
  );
  expect(await expectApplies(local, second)).toContain("mended.txt");
});

test.concurrent("a repository that is taken out is stopped and keeps its spend; added again it is the same and does not run again; one named twice runs once", async () => {
  const held = holdTurn("list/two", 1);
  const [one, two] = repositories("list", "one", "two");
  const batch = await batchOf("list").create([one!, two!]);
  await held.reached();
  const before = await batch.ends("list/one", "Ready");
  await batch.edit({ repositories: [{ url: one!.replace(/\.git$/, "") }] });
  const removed = await batch.ends("list/two", "Removed", "RepositoryRemoved");
  const ended = await batch.changeset("list/two", "has its spend", ({ status }) => status?.attempts?.length === 1);
  expect(ended.status).toMatchObject({ phase: "Removed", attempts: [{ outcome: "Cancelled", reason: "RepositoryRemoved" }] });
  expect(removed.metadata.uid).toBe(ended.metadata.uid);
  const shrunk = await batch.reaches("Succeeded");
  expect(shrunk).toMatchObject({ progress: "1/1", counts: { ready: 1, removed: 1 } });
  expect(shrunk.usage!.output).toBe(before.status.usage!.output + ended.status.usage!.output);
  await eventually("the Job is gone", async () => ((await batch.jobs()).length === 1 ? true : undefined));

  await batch.edit({ repositories: [{ url: one }, { url: two }, { url: `${one}/` }] });
  const full = await batch.until("has three repositories", ({ progress }) => progress === "3/3");
  expect(full.counts).toMatchObject({ ready: 1, cancelled: 1, duplicate: 1, removed: 0 });
  const names = (await batch.changesets()).map(({ metadata, status }) => ({
    uid: metadata.uid,
    phase: status?.phase,
    tries: status?.attempts?.length,
  }));
  expect(names).toEqual(
    expect.arrayContaining([
      { uid: before.metadata.uid, phase: "Ready", tries: 1 },
      { uid: removed.metadata.uid, phase: "Cancelled", tries: 1 },
      { uid: expect.any(String) as string, phase: "Duplicate", tries: undefined },
    ]),
  );
  expect((await batch.changesets()).find(({ status }) => status?.phase === "Duplicate")?.status?.message).toContain(
    "Take one of the two entries out",
  );
  expect(full.usage).toEqual(shrunk.usage);
  expect(await batch.jobs()).toHaveLength(1);
});

test.concurrent("an answer to failed checks of pull requests that are never opened is refused at the door with what to use instead", async () => {
  const batch = batchOf("robot");
  await expect(batch.create(["file:///acme/api"], { publish: { policy: "Never", onCIFailure: { maxAttempts: 1 } } })).rejects.toThrow(
    "set spec.publish.policy to OnApproval or Automatic, or leave it out",
  );
  expect(await local.api.batch("robot")).toBeUndefined();
});

async function approve({ metadata }: Changeset, spec: object): Promise<unknown> {
  return local.api.patch(resources.changesets, metadata.name, { spec });
}
