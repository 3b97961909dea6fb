import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stage, type Stage } from "../../../../local/src/github/testing/stage.ts";
import { plainGit } from "../../git/testing/repository.ts";
import { Publication } from "../testing/publication.ts";

const api = "acme/api";
const branch = "codybatch/node-24";
const comment = "Closed because BatchChange team-a/node-24 was cancelled.";
const close = { number: 1, comment };

const comments = (at: Stage): readonly string[] => at.github.hands.pull(api, 1).comments.map(({ body }) => body);
const state = (at: Stage): string => at.github.hands.pull(api, 1).state;
const writes = (at: Stage): readonly string[] => at.github.requests.filter((one) => one.writes).map(({ operation }) => operation);
const refused = (reason: string): object => ({ kind: "Refused", reason });

/** A published patch, and how many writes that took. */
async function publishedOn(at: Stage): Promise<{ readonly one: Publication; readonly before: number; readonly tip: string }> {
  const one = new Publication(at);
  await one.run();
  return { one, before: writes(at).length, tip: (await at.github.hands.tip(api, branch)) ?? "" };
}

it("closes our pull request with a comment that says why, and leaves its branch", async () => {
  await using at = await stage();
  const { one, before, tip } = await publishedOn(at);
  using _ = one;
  const { result, events, log } = await one.run({ close });
  expect(result).toMatchObject({
    task: "publish",
    outcome: { kind: "Closed", already: false, pullRequest: { number: 1, state: "closed", headSHA: tip } },
    warnings: [],
    requests: { api: 5, git: 0 },
  });
  expect(comments(at)).toEqual([comment]);
  expect(state(at)).toBe("closed");
  expect(await at.github.hands.tip(api, branch)).toBe(tip);
  expect(writes(at).slice(before)).toEqual(["issues/create-comment", "pulls/update"]);
  expect(events.map(({ kind }) => kind)).toEqual(["closing", "step", "step", "step", "ended"]);
  expect(JSON.stringify([result, events]) + log).not.toContain("ghp_");

  const again = await one.run({ close });
  expect(again.result?.outcome).toMatchObject({ kind: "Closed", already: true, pullRequest: { state: "closed" } });
  expect(comments(at)).toEqual([comment]);
});

it("asks nothing about commits when the tip is the one that was published last", async () => {
  await using at = await stage();
  const { one, tip } = await publishedOn(at);
  using _ = one;
  const { result } = await one.run({ close, input: { known: { number: 1, headSHA: tip } } });
  expect(result).toMatchObject({ outcome: { kind: "Closed", already: false }, requests: { api: 4 } });
});

describe("left as it is", () => {
  it.each([
    ["closed", async (at: Stage) => at.github.hands.close(api, 1)],
    ["merged", async (at: Stage) => await at.github.hands.merge(api, 1, "ann")],
  ])("is a pull request that somebody has %s", async (expected, act) => {
    await using at = await stage();
    const { one, before } = await publishedOn(at);
    using _ = one;
    await act(at);
    const { result } = await one.run({ close });
    expect(result?.outcome).toMatchObject({ kind: "Closed", already: true, pullRequest: { number: 1, state: expected } });
    expect(writes(at)).toHaveLength(before);
  });

  it("is one to which somebody has committed", async () => {
    await using at = await stage();
    const { one, before } = await publishedOn(at);
    using _ = one;
    await at.github.hands.commit(api, { by: "ann", branch, files: { "x.txt": "x\n" } });
    const { result } = await one.run({ close });
    expect(result?.outcome).toMatchObject({ ...refused("HumanCommits"), pullRequest: { number: 1, state: "open" } });
    expect(writes(at)).toHaveLength(before);
  });

  it("is one whose commit somebody amended, our trailer and author included", async () => {
    await using at = await stage();
    const { one, before } = await publishedOn(at);
    using _ = one;
    const dir = at.github.hands.dir(api);
    const ann = ["-c", "user.name=Cody Batch", "-c", "user.email=ann@acme.invalid"];
    const message = plainGit(dir, "log", "-1", "--format=%B", branch);
    const amended = plainGit(dir, ...ann, "commit-tree", "main^{tree}", "-p", "main", "-m", message);
    await at.github.hands.move(api, branch, amended, "ann");
    expect((await one.run({ close })).result?.outcome).toMatchObject(refused("HumanCommits"));
    expect(writes(at)).toHaveLength(before);
  });

  it("is one of another branch, whatever its number", async () => {
    await using at = await stage();
    await at.github.hands.commit(api, { by: "ann", branch: "theirs", files: { "x.txt": "x\n" } });
    await at.octokit("workflows").pulls.create({ owner: "acme", repo: "api", base: "main", head: "theirs", title: "Theirs" });
    using one = new Publication(at);
    const before = writes(at).length;
    const { result } = await one.run({ close });
    expect(result?.outcome).toMatchObject({ ...refused("PullRequestRefused"), message: expect.stringContaining("of the branch theirs") });
    expect(writes(at)).toHaveLength(before);
    expect(state(at)).toBe("open");
  });

  it.each([
    ["there is none of that number", "write", 7, "NotOwned"],
    ["there is no credential", "", 1, "CredentialMissing"],
    ["nobody knows the credential", "ghp_nobody00", 1, "CredentialRejected"],
    ["the credential only reads", "read", 1, "PermissionMissing"],
  ])("is everything when %s", async (_what, token, number, reason) => {
    await using at = await stage();
    const { one } = await publishedOn(at);
    using _ = one;
    const { result } = await one.run({ token, close: { number, comment } });
    expect(result?.outcome).toMatchObject(refused(reason));
    expect([state(at), comments(at)]).toEqual(["open", []]);
  });
});

describe("closed all the same", () => {
  it("is a pull request whose conversation takes no comment", async () => {
    await using at = await stage();
    const { one } = await publishedOn(at);
    using _ = one;
    at.github.fail({
      operation: "issues/create-comment",
      status: 403,
      message: "Unable to create comment because issue is locked.",
      times: "always",
    });
    const { result } = await one.run({ close });
    expect(result).toMatchObject({ outcome: { kind: "Closed" }, warnings: [expect.stringContaining("issue is locked")] });
    expect(state(at)).toBe("closed");
  });

  it("is one with a comment of ours below a hundred others", async () => {
    await using at = await stage();
    const { one } = await publishedOn(at);
    using _ = one;
    for (let count = 0; count < 130; count += 1) at.github.hands.comment(api, 1, "ann", `Comment ${count}`);
    at.github.hands.comment(api, 1, "cody", `${comment}\r\n`);
    await one.run({ close });
    expect(comments(at)).toHaveLength(131);
    expect(state(at)).toBe("closed");
  });
});

const calls = ["pulls/get", "repos/get-commit", "issues/list-comments", "issues/create-comment", "pulls/update"];
const changing = ["issues/create-comment", "pulls/update"];

describe("over and over", () => {
  let at: Stage;
  let one: Publication;
  let tip: string;

  beforeAll(async () => {
    at = await stage();
    ({ one, tip } = await publishedOn(at));
  });
  beforeEach(() => {
    at.github.heal();
    at.github.hands.reopen(api, 1);
    at.github.hands.pull(api, 1).comments.length = 0;
  });
  afterAll(async () => {
    one[Symbol.dispose]();
    await at[Symbol.asyncDispose]();
  });

  it.each(changing.flatMap((operation) => [[operation, "before"] as const, [operation, "after"] as const]))(
    "a Job that is killed at %s, %s it took effect, leaves one comment and a closed pull request when it has run again",
    async (operation, moment) => {
      const hold = at.github.hold(moment, (call) => call.operation === operation && call.token === "write");
      const job = await one.start({ close });
      await hold.reached();
      job.child.kill("SIGKILL");
      await job.ended();
      expect(job.result()).toBeUndefined();
      expect((await one.run({ close })).result?.outcome).toMatchObject({ kind: "Closed", pullRequest: { state: "closed" } });
      expect([state(at), comments(at)]).toEqual(["closed", [comment]]);
      expect(await at.github.hands.tip(api, branch)).toBe(tip);
    },
  );

  it.each(
    calls.flatMap((call) => [
      [call, "answers 502", { status: 502 }] as const,
      [call, "breaks off after it took effect", { reset: true, at: "after" }] as const,
      [call, "is limited for no time at all", { status: 429, retryAfterSeconds: 0 }] as const,
    ]),
  )("a fault passes: %s %s", async (operation, _what, fault) => {
    at.github.fail({ operation, ...fault });
    expect((await one.run({ close })).result?.outcome).toMatchObject({ kind: "Closed", pullRequest: { state: "closed" } });
    expect([state(at), comments(at)]).toEqual(["closed", [comment]]);
  });

  it.each(
    calls.flatMap((call) => [
      [call, { status: 503 }, "Unavailable"] as const,
      [call, { status: 429, retryAfterSeconds: 300 }, "RateLimited"] as const,
    ]),
  )("a fault stays: %s with %o ends as %s, and a later run closes", async (operation, fault, expected) => {
    at.github.fail({ operation, times: "always", ...fault });
    expect((await one.run({ close, config: { limitSeconds: 1 } })).result?.outcome.kind).toBe(expected);
    at.github.heal();
    expect((await one.run({ close })).result?.outcome.kind).toBe("Closed");
    expect(comments(at)).toEqual([comment]);
  });

  it.each([
    ["pulls/get", 403, "PermissionMissing"],
    ["pulls/get", 404, "NotOwned"],
    ["repos/get-commit", 404, "PullRequestRefused"],
    ["pulls/update", 403, "PermissionMissing"],
    ["pulls/update", 422, "PullRequestRefused"],
    ["pulls/update", 401, "CredentialRejected"],
  ])("a fault stays: %s answers %i: %s", async (operation, status, reason) => {
    at.github.fail({ operation, status, times: "always" });
    expect((await one.run({ close })).result?.outcome).toMatchObject(refused(reason));
    expect(state(at)).toBe("open");
  });
});
