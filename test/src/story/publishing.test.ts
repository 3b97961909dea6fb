import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { git, patience, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { acme, approve, pushesTo, urlsOf } from "./acme.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, scenario } from "./model.ts";
import { obey } from "./obey.ts";
import { patchOf } from "./stored.ts";

const names = ["merged", "closed", "human", "moved", "raced", "based", "again", "found-taken", "found-closed", "found-left"];
const onApproval = { publish: { policy: "OnApproval" } };

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    github: acme(...names),
    scenarios: [scenario("other", { promptContains: "Otherwise." }, ...changes("OTHER.md")), scenario("any", {}, ...changes())],
  });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

/** What is open would be looked at as long as its batch is there. */
async function done(...batches: readonly Batch[]): Promise<void> {
  for (const batch of batches) await batch.remove();
}

async function created(name: string, repositories: readonly string[], spec: object = {}): Promise<Batch> {
  const batch = new Batch(local, name);
  return batch.create(urlsOf(local, ...repositories), { ...onApproval, ...spec });
}

/** The diff that a pull request shows, as a reviewer's git makes it. */
function shown(repository: string, base: string, branch: string): string {
  return git(local.github.hands.dir(repository), ["diff", "--full-index", "--text", `${base}...${branch}`]);
}

test.concurrent("a change is published when it is approved and not before; what people make of its pull request is its end", async () => {
  const batch = await created("fates", ["merged", "closed"]);
  const waiting = await batch.ends("acme/merged", "AwaitingApproval", "ApprovalNeeded");
  expect(pushesTo(local, "acme/merged")).toEqual([]);
  for (const name of ["acme/merged", "acme/closed"]) await approve(local, batch, name);
  const open = await batch.ends("acme/merged", "Open");
  const url = `${local.github.url}/acme/merged/pull/1`;
  expect(open.status.pullRequest).toMatchObject({ url, number: 1, state: "open" });
  expect(open.status.publishing).toMatchObject({ outcome: "Published", approval: { patch: waiting.status.patch?.digest } });
  const { hands } = local.github;
  expect(hands.pull("acme/merged", 1)).toMatchObject({ author: "cody", head: { ref: "codybatch/fates" }, base: { ref: "main" } });
  expect(`${shown("acme/merged", "main", "codybatch/fates")}\n`).toBe(String(await patchOf(local, open)));
  expect(pushesTo(local, "acme/merged")).toEqual([
    { ref: "refs/heads/codybatch/fates", token: "write", forced: false, refused: undefined },
  ]);

  await batch.ends("acme/closed", "Open");
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "2/2", counts: { open: 2 }, pullRequests: 2 });
  hands.close("acme/closed", 1);
  await hands.merge("acme/merged", 1, "ann");
  const merged = await batch.ends("acme/merged", "Merged");
  expect(merged.status.pullRequest).toMatchObject({ state: "merged", mergedAt: expect.any(String) as string });
  await batch.ends("acme/closed", "Closed");
  await batch.until("counts them", ({ counts }) => counts?.merged === 1 && counts.closed === 1 && counts.open === 0);
  await done(batch);
});

test.concurrent("a new patch is not pushed over what a person committed to the branch", async () => {
  const batch = await created("human", ["human"]);
  await approve(local, batch, "acme/human");
  const { metadata } = await batch.ends("acme/human", "Open");
  const { hands } = local.github;
  const tip = await hands.commit("acme/human", { by: "ann", branch: "codybatch/human", files: { "by-hand.txt": "mine\n" } });
  await batch.edit({ prompt: "Otherwise." });
  await batch.retry(metadata.name, 1);
  await approve(local, batch, "acme/human");
  const failed = await batch.ends("acme/human", "Failed", "HumanCommits");
  expect(failed.status.pullRequest).toMatchObject({ number: 1, state: "open" });
  expect(await hands.tip("acme/human", "codybatch/human")).toBe(tip);
  expect(hands.repository("acme/human").pulls).toHaveLength(1);
  await done(batch);
});

test.concurrent("a base that has moved since is left to the pull request, which shows the patch and no more", async () => {
  const batch = await created("moved", ["moved"]);
  await batch.ends("acme/moved", "AwaitingApproval");
  await local.github.hands.commit("acme/moved", { by: "ann", branch: "main", files: { "later.txt": "later\n" } });
  await approve(local, batch, "acme/moved");
  const open = await batch.ends("acme/moved", "Open");
  expect(`${shown("acme/moved", "main", "codybatch/moved")}\n`).toBe(String(await patchOf(local, open)));
  await done(batch);
});

test.concurrent("of two batches that want one branch, one gets it and the other is told", async () => {
  const publish = { policy: "OnApproval", branch: "codybatch/raced" };
  const batches = [await created("race-a", ["raced"], { publish }), await created("race-b", ["raced"], { publish })];
  await Promise.all(batches.map(async (batch) => approve(local, batch, "acme/raced")));
  const isOver = (phase: string | undefined): boolean => phase === "Open" || phase === "Failed";
  const ends = await Promise.all(
    batches.map(async (batch) => batch.changeset("acme/raced", "is over", ({ status }) => isOver(status?.phase))),
  );
  expect(ends.map(({ status: { phase, reason } }) => `${phase} ${reason}`).toSorted()).toEqual([
    "Failed BranchTaken",
    "Open PullRequestOpen",
  ]);
  expect(local.github.hands.repository("acme/raced").pulls).toHaveLength(1);
  expect(local.github.pushes.filter(({ forced }) => forced)).toEqual([]);
  await done(...batches);
});

test.concurrent("one batch on two bases of one repository has a branch and a pull request for each", async () => {
  const [url = ""] = urlsOf(local, "based");
  const batch = await new Batch(local, "based").create([url, { url, branch: "release" }], onApproval);
  for (const { status } of await batch.untilAll(2, "AwaitingApproval")) await obey(local, status?.message);
  await batch.untilAll(2, "Open");
  const pulls = local.github.hands.repository("acme/based").pulls.map(({ head, base }) => `${head.ref} into ${base.ref}`);
  expect(pulls.toSorted()).toEqual(["codybatch/based into main", "codybatch/based-release into release"]);
  await done(batch);
});

test.concurrent("a batch that is deleted and applied again takes up its pull request", async () => {
  const first = await created("again", ["again"]);
  await approve(local, first, "acme/again");
  await first.ends("acme/again", "Open");
  await eventually("its publish pod has ended", async () => (local.running("again-").length === 0 ? true : undefined), patience);
  await first.remove();
  expect(await first.remains()).toEqual([]);
  const second = await created("again", ["again"]);
  await approve(local, second, "acme/again");
  const open = await second.ends("acme/again", "Open");
  expect(open.status.pullRequest).toMatchObject({ number: 1, state: "open" });
  expect(local.github.hands.repository("acme/again").pulls).toHaveLength(1);
  expect(pushesTo(local, "acme/again").filter((push) => "forced" in push && push.forced === true)).toEqual([]);
  await done(second);
});

test.concurrent("repositories are found by a selector, can be read before anything runs, and are published like any other", async () => {
  const repositorySelector = { search: "org:acme topic:found", exclude: ["acme/*-left"] };
  const batch = await new Batch(local, "found").create([], { ...onApproval, repositories: undefined, repositorySelector, suspend: true });
  const { discovery } = await batch.until("has its list", ({ phase, counts }) => phase === "Suspended" && counts?.pending === 1);
  expect(discovery).toMatchObject({ outcome: "Discovered", found: 3, taken: 1 });
  const skipped = discovery?.skipped?.map(({ reason, count }) => `${reason} ${count}`);
  expect(skipped?.toSorted()).toEqual(["Excluded 1", "OptedOut 1"]);
  expect((await batch.changesets()).map(({ spec }) => spec.repository.name).toSorted()).toEqual(["acme/found-taken"]);
  await batch.edit({ suspend: false });
  await approve(local, batch, "acme/found-taken");
  const open = await batch.ends("acme/found-taken", "Open");
  expect(open.status.pullRequest?.url).toBe(`${local.github.url}/acme/found-taken/pull/1`);
  await done(batch);
});
