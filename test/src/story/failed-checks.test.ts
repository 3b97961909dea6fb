import { formatUSD } from "@codybatch/crds";
import type { BatchChangeSpec, Changeset } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { git, patience, questionOf, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { acme, approve, pushesTo, urlsOf } from "./acme.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, reports, scenario } from "./model.ts";
import { served, totalOf } from "./served.ts";
import { patchOf, transcriptOf } from "./stored.ts";

/** The one whose price the story knows. */
const agent = { model: "claude-opus-5-5" };
const names = ["asked", "auto", "stubborn", "ours", "theirs"];
/** Stands at the end of each red log, below far more lines than an attempt is shown. */
const complaint = "Error: MENDED.md is missing";
const log = ["the log begins", ...Array.from({ length: 600 }, (_, line) => `line ${line}`), complaint].join("\n");

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    github: acme(...names),
    limits: { publishPolicies: ["OnApproval", "Automatic"] },
    operator: { CODYBATCH_TRACK_SECONDS: "2" },
    scenarios: [
      scenario("at-a-loss", { repository: "acme/stubborn", promptContains: complaint }, reports(true, "It is right as it is")),
      scenario("mended", { promptContains: complaint }, ...changes("MENDED.md")),
      scenario("any", {}, ...changes()),
    ],
  });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

async function created(
  name: string,
  repositories: readonly string[],
  publish: Partial<BatchChangeSpec["publish"]>,
  spec: object = {},
): Promise<Batch> {
  return new Batch(local, name, patience.seconds).create(urlsOf(local, ...repositories), { agent, publish, ...spec });
}

/** The checks of what the pull request shows now end so; gives the commit. */
function ciEnds(repository: string, conclusion: "success" | "failure"): string {
  const { hands } = local.github;
  const { sha } = hands.pull(repository, 1).head;
  hands.check(repository, sha, { name: "test", conclusion, ...(conclusion === "failure" && { log }) });
  return sha;
}

/** What each attempt was told at its begin, oldest first. */
function openings(repository: string): readonly string[] {
  const { exchanges } = local.gates.claude;
  return exchanges.filter((one) => questionOf(one)?.repository === repository && questionOf(one)?.turn === 0).map(({ body }) => body);
}

/** Paths that the pull request changes. */
function shown(repository: string, branch: string): readonly string[] {
  return git(local.github.hands.dir(repository), ["diff", "--name-only", `main...${branch}`]).split("\n");
}

/** Waits until the pull request has another head than this one. */
async function pushed(batch: Batch, repository: string, before: string): Promise<void> {
  const isSo = ({ status }: Changeset): boolean => status?.phase === "Open" && status.pullRequest?.headSHA !== before;
  await batch.changeset(repository, "has a new head", isSo);
}

/** One more look that has ended: time enough for what must not come. */
async function anotherLook(batch: Batch): Promise<void> {
  const { tracking } = await batch.until("was looked at", ({ tracking: now }) => now !== undefined);
  await batch.until("was looked at again", ({ tracking: now }) => (now?.settled ?? 0) > (tracking?.settled ?? 0));
}

/** Status has what was served, to the last token and nano-dollar, and not more than the budget. */
function expectPaid({ spec, status }: Changeset, attempts: number, budget: number): void {
  const total = totalOf(served(local, [spec.repository.name]));
  expect(status?.attempts).toHaveLength(attempts);
  expect(status?.chargedNanoUSD).toBe(total.nanoUSD);
  expect(total.nanoUSD).toBeLessThan(budget * 1e9);
}

test.concurrent("a red check starts an attempt that reads the end of its log and goes on from the published patch; its patch waits for an approval of its own, and goes into the same pull request", async () => {
  const budget = { maxCostUSD: "9.00" };
  const batch = await created("asked", ["asked"], { policy: "OnApproval", onCIFailure: { maxAttempts: 2 } }, { budget });
  const first = await approve(local, batch, "acme/asked");
  await batch.ends("acme/asked", "Open");
  const red = ciEnds("acme/asked", "failure");
  const second = await batch.ends("acme/asked", "AwaitingApproval", "ApprovalNeeded");
  const [, opening = "", ...more] = openings("acme/asked");
  expect(more).toEqual([]);
  expect(opening).toContain(complaint);
  expect(opening).toContain("was published as pull request 1, and checks failed there. That change is in the files already");
  expect(opening).not.toContain("the log begins");
  const [started] = await transcriptOf(local, second);
  expect(started).toMatchObject({ kind: "started", attempt: 1, pullRequest: 1, resumedFrom: first.status?.attempts?.[0]?.pod });
  const patch = String(await patchOf(local, second));
  expect([...patch.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path]) => path)).toEqual(["MENDED.md", "NEW.md"]);

  expect(pushesTo(local, "acme/asked")).toHaveLength(1);
  expect(await local.github.hands.tip("acme/asked", "codybatch/asked")).toBe(red);
  await approve(local, batch, "acme/asked");
  await pushed(batch, "acme/asked", red);
  expect(shown("acme/asked", "codybatch/asked")).toEqual(["MENDED.md", "NEW.md"]);
  expect(pushesTo(local, "acme/asked")).toHaveLength(2);
  expect(local.github.hands.repository("acme/asked").pulls).toHaveLength(1);

  ciEnds("acme/asked", "success");
  await local.github.hands.merge("acme/asked", 1, "ann");
  const merged = await batch.ends("acme/asked", "Merged");
  expect(merged.status.pullRequest?.checks).toBe("passing");
  expect(merged.status.publishing?.mending).toMatchObject({ attempts: 1, row: 0, headSHA: red });
  expectPaid(merged, 2, 9);
  const whole = await batch.until("is merged", ({ counts }) => counts?.merged === 1);
  expect(whole.usage?.costUSD).toBe(formatUSD(totalOf(served(local, ["acme/asked"])).nanoUSD));
  await batch.remove();
});

test.concurrent("under Automatic the mended patch is pushed at once, but not before the budget has room; a check that stays red ends it, with words", async () => {
  const budget = { maxCostUSD: "2.00" };
  const batch = await created("auto", ["auto"], { policy: "Automatic", onCIFailure: { maxAttempts: 1 } }, { budget });
  await batch.ends("acme/auto", "Open");
  const red = ciEnds("acme/auto", "failure");
  const poor = await batch.ends("acme/auto", "Pending", "WaitingForBudget");
  expect(poor.status.pullRequest).toMatchObject({ number: 1, state: "open", headSHA: red });
  expect(openings("acme/auto")).toHaveLength(1);
  await batch.edit({ budget: { maxCostUSD: "9.00" } });
  await pushed(batch, "acme/auto", red);
  expect(shown("acme/auto", "codybatch/auto")).toEqual(["MENDED.md", "NEW.md"]);

  const still = ciEnds("acme/auto", "failure");
  const ended = await batch.changeset("acme/auto", "is red again", ({ status }) => status?.pullRequest?.checks === "failing");
  expect(ended.status).toMatchObject({ phase: "Open", pullRequest: { headSHA: still } });
  expect(ended.status.message).toContain(
    `1 attempt was to mend its checks, as many as spec.publish.onCIFailure.maxAttempts allows, and they still fail. Mend them there, or run it again: kubectl -n default patch cset ${ended.metadata.name} --type merge -p '{"spec":{"attempt":1}}'`,
  );
  await anotherLook(batch);
  const left = await batch.ends("acme/auto", "Open");
  expectPaid(left, 2, 9);
  expect(left.status.message).toBe(ended.status.message);
  expect(pushesTo(local, "acme/auto")).toHaveLength(2);
  expect(local.github.hands.repository("acme/auto").pulls).toHaveLength(1);
  await batch.remove();
});

test.concurrent("attempts that come to the same patch again are as many as allowed, and nothing is pushed", async () => {
  const batch = await created("stubborn", ["stubborn"], { policy: "Automatic", onCIFailure: { maxAttempts: 2 } });
  const { status } = await batch.ends("acme/stubborn", "Open");
  ciEnds("acme/stubborn", "failure");
  const ended = await batch.changeset("acme/stubborn", "has had its attempts", (found) => found.status?.attempts?.length === 3);
  expect(ended.status.attempts?.map(({ patch }) => patch?.digest)).toEqual(Array.from({ length: 3 }, () => status.patch?.digest));
  await anotherLook(batch);
  const left = await batch.ends("acme/stubborn", "Open");
  expect(left.status.message).toContain("2 attempts in a row were to mend its checks");
  expect(openings("acme/stubborn")).toHaveLength(3);
  expect(pushesTo(local, "acme/stubborn")).toHaveLength(1);
  await batch.remove();
});

test.concurrent("a cancel closes the open pull request with one comment, and leaves the one that a person has committed to", async () => {
  const batch = await created("over", ["ours", "theirs"], { policy: "OnApproval", closeOnCancel: true });
  for (const name of ["acme/ours", "acme/theirs"]) await approve(local, batch, name);
  for (const name of ["acme/ours", "acme/theirs"]) await batch.ends(name, "Open");
  const { hands } = local.github;
  const tip = await hands.tip("acme/ours", "codybatch/over");
  await hands.commit("acme/theirs", { by: "ann", branch: "codybatch/over", files: { "by-hand.txt": "mine\n" } });
  await batch.edit({ cancel: true });
  const closed = await batch.ends("acme/ours", "Closed");
  expect(closed.status.pullRequest).toMatchObject({ number: 1, state: "closed" });
  expect(hands.pull("acme/ours", 1)).toMatchObject({ state: "closed", comments: [{ user: "cody" }] });
  expect(hands.pull("acme/ours", 1).comments[0]?.body).toContain("`default/over` was cancelled");
  expect(await hands.tip("acme/ours", "codybatch/over")).toBe(tip);
  const kept = await batch.changeset("acme/theirs", "is told of", ({ status }) => status?.publishing?.reason === "HumanCommits");
  expect(kept.status).toMatchObject({ phase: "Open", message: expect.stringContaining("It was not closed: ") as string });
  expect(hands.pull("acme/theirs", 1)).toMatchObject({ state: "open", comments: [] });
  expect(hands.pull("acme/ours", 1).comments).toHaveLength(1);
  await batch.remove();
});
