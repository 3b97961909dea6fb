import type { PublishInput } from "@codybatch/crds";
import { expect, it } from "vitest";
import { acme, stage, type Stage } from "../../../local/src/github/testing/stage.ts";
import { Publication } from "./testing/publication.ts";

const window = { requests: 5, seconds: 5 };
const names = ["acme/a", "acme/b", "acme/c"];
const count = 30;

/** The next batch's Changeset; all patches of a repository may be the same. */
function inputOf(number: number): Partial<PublishInput> {
  const changeset = { name: `batch-${number}-0123456789`, uid: `uid-${number}` };
  return { batchChange: `batch-${number}`, changeset, branch: `codybatch/batch-${number}`, labels: [], reviewers: [] };
}

interface Clock {
  now: number;
}

/** Publishes as the operator lets Jobs run: some at once, none before the time that one of them was told; only that moves the clock. */
async function publishAll(ones: readonly Publication[], clock: Clock): Promise<void> {
  let waiting = Array.from({ length: count }, (_, number) => number);
  while (waiting.length > 0) {
    const started = waiting.slice(0, ones.length);
    const ended = await Promise.all(
      started.map(async (number) => {
        const one = ones[number % ones.length]!;
        const { result } = await one.run({ input: inputOf(number), config: { limitSeconds: 0 }, now: () => clock.now });
        return { number, outcome: result?.outcome };
      }),
    );
    const limits = ended.flatMap(({ outcome }) => (outcome?.kind === "RateLimited" ? [Date.parse(outcome.until)] : []));
    const published = ended.filter(({ outcome }) => outcome?.kind === "Published").map(({ number }) => number);
    expect(published.length + limits.length).toBe(started.length);
    waiting = waiting.filter((number) => !published.includes(number));
    clock.now = Math.max(clock.now, ...limits);
  }
}

/** Most pull requests that were opened within one window. */
function mostWithin(at: Stage): number {
  const times = at.github.requests.filter(({ operation, status }) => operation === "pulls/create" && status === 201).map((one) => one.at);
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + window.seconds * 1000).length));
}

it("30 publishes under a limit of 5 in 5 seconds: none is lost, no request comes before its time, no window has more than 5", async () => {
  const clock = { now: Date.UTC(2026, 10, 21, 12) };
  const repositories = names.map((name) => ({ ...acme.repositories[0]!, name }));
  await using at = await stage({ repositories, limits: { content: [window] } }, () => clock.now);
  const ones = names.map((repository) => new Publication(at, { repository }));
  await publishAll(ones, clock);

  const { hands, requests, pushes } = at.github;
  const pulls = names.flatMap((name) => hands.repository(name).pulls.map(({ head }) => head.ref));
  expect(pulls.toSorted()).toEqual(Array.from({ length: count }, (_, number) => `codybatch/batch-${number}`).toSorted());
  expect(pushes).toHaveLength(count);
  expect(mostWithin(at)).toBe(window.requests);
  const limited = requests.filter(({ waitUntil }) => waitUntil !== undefined);
  expect(limited.length).toBeGreaterThanOrEqual(5);
  expect(limited.every(({ status, waitUntil, at: when }) => status === 403 && waitUntil! > when)).toBe(true);
  const inside = limited.flatMap(({ at: from, waitUntil }) => requests.filter(({ at: when }) => when > from && when < waitUntil!));
  expect(inside).toEqual([]);
  expect(requests.filter(({ early }) => early)).toEqual([]);
  expect(clock.now - Date.UTC(2026, 10, 21, 12)).toBeLessThanOrEqual((count / window.requests) * window.seconds * 1000);
  for (const one of ones) one[Symbol.dispose]();
});
