import { describe, expect, it } from "vitest";
import { admit, type Request } from "../admit.ts";
import { randomOf } from "../testing/random.ts";
import type { CreateTask, PublishWish, Wish } from "../wish.ts";
import type { PublishRoom, PublishStart } from "./grants.ts";
import { Starts } from "./window.ts";

const minute = 60_000;
const hour = 60 * minute;
const team = { namespace: "team-a", batch: "team-a/x", credential: "team-a/github-write" };

function wishOf(name: string, content = 2, credential = team.credential): PublishWish {
  const task = { kind: "CreateTask", name } as CreateTask;
  return { kind: "Publish", first: [], task, credential, content, otherwise: (until) => ({ until }) as never };
}

interface Limits {
  readonly perMinute: number;
  readonly contentPerHour: number;
  readonly running?: number;
  /** How much later than it asked for the operator comes to a pass, in milliseconds. */
  readonly late?: () => number;
}

/** Every batch asks for its publish Jobs until all have started; each runs for 20 s. Operators restart at any time: what started is all that is remembered. */
function drive(requests: readonly Request[], { perMinute, contentPerHour, running = 1000, late = () => 0 }: Limits): PublishStart[] {
  const starts: (PublishStart & { readonly name: string })[] = [];
  let now = 0;
  let left = requests;
  while (left.some(({ wishes }) => wishes.length > 0)) {
    const runs = starts.filter(({ at }) => at + 20_000 > now).length;
    const publishing = { now, perMinute, contentPerHour, running, runs, starts, held: new Map<string, number>() };
    const { actions, goesOn } = admit(left, [], { runningJobs: 0, publishing }, 0);
    const at = now;
    for (const { batch, namespace, wishes } of left) {
      const granted = actions.get(batch) ?? [];
      const own = wishes.flatMap((wish) => (wish.kind === "Publish" && granted.includes(wish.task) ? [wish] : []));
      starts.push(...own.map(({ credential, content, task }) => ({ namespace, batch, credential, content, at, name: task.name })));
    }
    const started = new Set(starts.map(({ name }) => name));
    left = left.map((request) => ({
      ...request,
      wishes: request.wishes.filter((wish) => wish.kind === "Publish" && !started.has(wish.task.name)),
    }));
    const next = Math.min(...goesOn.values());
    now = next === Infinity ? now + 20_000 : next + late();
  }
  return starts;
}

function batchOf(batch: string, count: number, content = 2): Request {
  const [namespace = ""] = batch.split("/");
  const wishes: Wish[] = Array.from({ length: count }, (_, index) => wishOf(`${batch}-${index}`, content, `${namespace}/github-write`));
  return { batch, namespace, createdAt: batch, wishes };
}

/** The most within any window of this length, by starts or by content. */
function most(starts: readonly PublishStart[], length: number, weigh: (start: PublishStart) => number): number {
  const from = (moment: number): number =>
    starts.filter(({ at }) => at >= moment && at < moment + length).reduce((sum, start) => sum + weigh(start), 0);
  return Math.max(...starts.map(({ at }) => from(at)));
}

/** Milliseconds between each start and the one before. */
function gaps(starts: readonly PublishStart[]): number[] {
  return starts.slice(1).map(({ at }, index) => at - starts[index]!.at);
}

/** When the last of so many starts, at the limits alone: an hour's share evenly at its beginning, and the rest in later hours. */
function limitOf(count: number, { perMinute, contentPerHour }: Limits, content: number): number {
  const anHour = Math.min(Math.floor(contentPerHour / content), 60 * perMinute);
  return Math.floor((count - 1) / anHour) * hour + ((count - 1) % anHour) * (minute / perMinute);
}

describe("the pace of publish Jobs", () => {
  it.each([
    { rule: "by the minute", limits: { perMinute: 5, contentPerHour: 100_000 }, content: 2, ends: 99.8 * minute },
    // 200 in the first 40 minutes of an hour, 200 of the next, and 100 in 20 minutes of the third.
    { rule: "by the hour's content", limits: { perMinute: 5, contentPerHour: 400 }, content: 2, ends: 2 * hour + 19.8 * minute },
    {
      rule: "by the hour's content, with labels and reviewers",
      limits: { perMinute: 5, contentPerHour: 400 },
      content: 8,
      ends: 9 * hour + 9.8 * minute,
    },
  ])("keeps every window of 500 Changesets exactly, starts them evenly and ends at the limit: $rule", ({ limits, content, ends }) => {
    const starts = drive([batchOf("team-a/x", 500, content)], limits);
    expect(starts).toHaveLength(500);
    expect(starts[0]!.at).toBe(0);
    expect(most(starts, minute, () => 1)).toBe(limits.perMinute);
    expect(most(starts, hour, (start) => start.content)).toBeLessThanOrEqual(limits.contentPerHour);
    expect(Math.min(...gaps(starts))).toBe(minute / limits.perMinute);
    const end = starts.at(-1)!.at;
    expect(Math.abs(end - ends) / ends).toBeLessThan(0.05);
  });

  it.each(Array.from({ length: 30 }, (_, seed) => seed))("does so at any limits: %i", (seed) => {
    const random = randomOf(seed);
    const limits = { perMinute: 1 + random.below(random.pick([10, 100, 600])!), contentPerHour: 40 + random.below(461) };
    const content = 2 + random.below(9);
    const starts = drive([batchOf("team-a/x", 100, content)], limits);
    const ends = limitOf(100, limits, content);
    expect(most(starts, minute, () => 1)).toBeLessThanOrEqual(limits.perMinute);
    expect(most(starts, hour, (start) => start.content)).toBeLessThanOrEqual(limits.contentPerHour);
    expect(Math.min(...gaps(starts))).toBe(Math.ceil(minute / limits.perMinute));
    expect(Math.abs(starts.at(-1)!.at - ends) / ends).toBeLessThan(0.05);
  });

  it.each([5, 30, 60])("is not slowed by passes that come late, nor more in a window for it: %i a minute", (perMinute) => {
    const random = randomOf(perMinute);
    const limits = { perMinute, contentPerHour: 500, late: () => random.below(300) };
    const starts = drive([batchOf("team-a/x", 240)], limits);
    expect(most(starts, minute, () => 1)).toBeLessThanOrEqual(perMinute);
    expect(Math.min(...gaps(starts))).toBeGreaterThanOrEqual(minute / perMinute / 2);
    const ends = limitOf(240, limits, 2);
    expect(Math.abs(starts.at(-1)!.at - ends) / ends).toBeLessThan(0.02);
  });

  it("lets a lone one start at once, and after idleness the row begins anew", () => {
    const starts = new Starts({ perMinute: 30, contentPerHour: 400 });
    expect(starts.earliest(2, 1000)).toBe(1000);
    for (const at of [0, 2500, 60_000]) starts.add({ at, content: 2 });
    expect(starts.earliest(2, 60_001)).toBe(62_000);
  });

  it("is that of each credential alone, under a ceiling of what runs at once", () => {
    const limits = { perMinute: 5, contentPerHour: 400, running: 4 };
    const starts = drive([batchOf("team-a/x", 20), batchOf("team-b/y", 20)], limits);
    for (const namespace of ["team-a", "team-b"]) {
      const own = starts.filter((start) => start.namespace === namespace);
      expect(own.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => index * 12_000));
    }
  });

  it("is shared by the batches of a namespace, so that a large one does not keep a small one waiting", () => {
    const starts = drive([batchOf("team-a/large", 100), batchOf("team-a/small", 5)], { perMinute: 5, contentPerHour: 1000 });
    const small = starts.filter(({ batch }) => batch === "team-a/small");
    expect(small.at(-1)!.at).toBeLessThanOrEqual(2 * minute);
  });

  it("tells everybody that waits when the turn is, and nobody a time while only a running one is in the way", () => {
    // As an administrator finds them who has lowered the limit.
    const starts: PublishStart[] = Array.from({ length: 5 }, (_, index) => ({ ...team, content: 2, at: index * 1000 }));
    const told = (room: Partial<PublishRoom>): readonly unknown[] => {
      const publishing = {
        now: 5000,
        perMinute: 5,
        contentPerHour: 400,
        running: 9,
        runs: 0,
        starts,
        held: new Map<string, number>(),
        ...room,
      };
      const { actions } = admit([batchOf("team-a/x", 7)], [], { runningJobs: 0, publishing }, 0);
      return (actions.get("team-a/x") ?? []).map((action) => (Reflect.get(action, "until") as Date | undefined)?.getTime());
    };
    const row = (from: number): number[] => Array.from({ length: 7 }, (_, index) => from + index * 12_000);
    expect(told({})).toEqual(row(60_000));
    expect(told({ starts: starts.slice(0, 1) })).toEqual(row(12_000));
    expect(told({ held: new Map([[team.credential, 300_000]]) })).toEqual(row(300_000));
    expect(told({ starts: [], running: 3, runs: 3 })).toEqual([undefined, ...row(17_000).slice(0, 6)]);
  });

  it("lets what is more than an hour's content go after an hour of rest", () => {
    const starts = new Starts({ perMinute: 5, contentPerHour: 40 });
    expect(starts.earliest(50, 1000)).toBe(1000);
    starts.add({ at: 0, content: 2 });
    expect(starts.earliest(50, 1000)).toBe(hour);
  });
});
