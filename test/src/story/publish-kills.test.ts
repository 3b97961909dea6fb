import type { GithubHold } from "@codybatch/local";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { acme, approve, urlsOf } from "./acme.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, scenario } from "./model.ts";

/** Where the publish Job of each repository is killed; the runner's own tests have every write. */
const steps = {
  "before-push": ["before", "git/push"],
  "after-pull": ["after", "pulls/create"],
} as const;
const names = Object.keys(steps) as (keyof typeof steps)[];

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({ github: acme(...names), scenarios: [scenario("any", {}, ...changes())] });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

function holdAt(name: keyof typeof steps): GithubHold {
  const [moment, operation] = steps[name];
  return local.github.hold(moment, (call) => call.repository === `acme/${name}` && call.operation === operation);
}

test("a publish Job that is killed before or after a write runs again by itself, and leaves one branch and one pull request", async () => {
  const batch = await new Batch(local, "kills").create(urlsOf(local, ...names), { publish: { policy: "OnApproval" } });
  const ended = names.map(async (name) => {
    const repository = `acme/${name}`;
    const hold = holdAt(name);
    await approve(local, batch, repository);
    await hold.reached();
    await local.killContainer(repository, "publish");
    // No container ends git here, which may outlive its parent and send the very same push once more.
    hold.drop();
    const { status } = await batch.ends(repository, "Open");
    const { hands } = local.github;
    expect(status.pullRequest).toMatchObject({ number: 1, state: "open" });
    expect(hands.repository(repository).pulls).toMatchObject([{ head: { ref: "codybatch/kills" } }]);
    expect(await hands.tip(repository, "codybatch/kills")).toBe(status.pullRequest?.headSHA);
    const pushed = local.github.pushes.filter((push) => push.repository === repository).map((push) => `${push.ref} ${push.new}`);
    expect(new Set(pushed)).toEqual(new Set([`refs/heads/codybatch/kills ${status.pullRequest?.headSHA}`]));
  });
  await Promise.all(ended);
  expect(await batch.reaches("Succeeded")).toMatchObject({ counts: { open: names.length } });
});
