import { beforeAll, expect, it } from "vitest";
import { stage, type Stage } from "../../../local/src/github/testing/stage.ts";
import { plainGit } from "../git/testing/repository.ts";
import { Publication } from "./testing/publication.ts";

const api = "acme/api";
const writes = ["git/push", "pulls/create", "issues/add-labels", "pulls/request-reviewers"] as const;
const moments = ["before", "after"] as const;

let clean: object;
const publication = (at: Stage): Publication => new Publication(at);

/** What the host has in the end; the SHA of the base depends on when the stage was made. */
async function end(at: Stage, { input }: Publication): Promise<object> {
  const { hands, pushes } = at.github;
  const dir = hands.dir(api);
  const { title, body, state, labels, reviewers, teamReviewers, head } = hands.pull(api, 1);
  expect(head.sha).toBe(await hands.tip(api, input.branch));
  expect(pushes.filter(({ forced, refused }) => forced || refused !== undefined)).toEqual([]);
  expect(pushes.map(({ token }) => token).filter((token) => token !== "write")).toEqual([]);
  return {
    branches: plainGit(dir, "for-each-ref", "--format=%(refname)", "refs/heads"),
    commits: plainGit(dir, "log", "--format=%T %an %ae %at %cn %ce %ct %B", `${input.patch.baseCommit}..${input.branch}`),
    pulls: hands.repository(api).pulls.length,
    title,
    body,
    state,
    labels,
    reviewers,
    teamReviewers,
  };
}

beforeAll(async () => {
  await using at = await stage();
  using one = publication(at);
  await one.run();
  clean = await end(at, one);
});

it.concurrent.each(writes.flatMap((operation) => moments.map((moment) => [operation, moment] as const)))(
  "a publish Job that is killed at %s, %s it took effect, leaves one branch and one pull request when it has run again",
  async (operation, moment) => {
    await using at = await stage();
    using one = publication(at);
    const hold = at.github.hold(moment, (call) => call.operation === operation && call.token === "write");
    const job = await one.start();
    await hold.reached();
    job.child.kill("SIGKILL");
    await job.ended();
    expect(job.result()).toBeUndefined();
    const { result } = await one.run();
    expect(result?.outcome.kind).toBe("Published");
    expect(await end(at, one)).toEqual(clean);
  },
);

it.concurrent.each(moments)(
  "one that is killed while it updates a pull request, %s it took effect, leaves the new text and tree",
  async (moment) => {
    await using at = await stage();
    using first = publication(at);
    await first.run();
    using second = new Publication(at, { files: { "src/node.txt": "25\n" }, input: { title: "Another title" } });
    const hold = at.github.hold(moment, (call) => call.operation === "pulls/update");
    const job = await second.start();
    await hold.reached();
    job.child.kill("SIGKILL");
    await job.ended();
    expect((await second.run()).result?.outcome.kind).toBe("Published");
    const { hands } = at.github;
    expect(hands.repository(api).pulls).toHaveLength(1);
    expect(hands.pull(api, 1).title).toBe("Another title");
    expect(plainGit(hands.dir(api), "rev-parse", `${second.input.branch}^{tree}`)).toBe(second.input.patch.tree);
    expect(at.github.pushes.some(({ forced }) => forced)).toBe(false);
  },
);

it.concurrent("one that is asked to end says that it can go on, and does", async () => {
  await using at = await stage();
  using one = publication(at);
  const hold = at.github.hold("before", (call) => call.operation === "pulls/create");
  const job = await one.start();
  await hold.reached();
  job.child.kill("SIGTERM");
  await job.ended();
  expect(job.child.exitCode).toBe(0);
  expect(job.result()?.outcome).toMatchObject({ kind: "Unavailable", message: expect.stringContaining("interrupted") });
  expect((await one.run()).result?.outcome.kind).toBe("Published");
  expect(await end(at, one)).toEqual(clean);
});
