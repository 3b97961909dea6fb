import { describe, expect, it } from "vitest";
import { admit, type Request } from "../admit.ts";
import type { CreateTask, PublishWish, Wish } from "../wish.ts";
import type { PublishRoom, PublishStart } from "./grants.ts";
import { earliestStart } from "./window.ts";

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
}

/** Every batch asks for its publish Jobs until all have started; each runs for 20 s. Operators restart at any time: what started is all that is remembered. */
function drive(requests: readonly Request[], { perMinute, contentPerHour, running = 1000 }: Limits): PublishStart[] {
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
    now = next === Infinity ? now + 20_000 : next;
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

describe("the pace of publish Jobs", () => {
  it.each([
    { rule: "by the minute", limits: { perMinute: 5, contentPerHour: 100_000 }, content: 2, ends: 99 * minute },
    // 200 in the first 40 minutes of an hour, 200 of the next, and 100 in 20 minutes of the third.
    { rule: "by the hour's content", limits: { perMinute: 5, contentPerHour: 400 }, content: 2, ends: 2 * hour + 19 * minute },
    {
      rule: "by the hour's content, with labels and reviewers",
      limits: { perMinute: 5, contentPerHour: 400 },
      content: 8,
      ends: 9 * hour + 9 * minute,
    },
  ])("keeps every window of 500 Changesets exactly and ends at the limit: $rule", ({ limits, content, ends }) => {
    const starts = drive([batchOf("team-a/x", 500, content)], limits);
    expect(starts).toHaveLength(500);
    expect(most(starts, minute, () => 1)).toBe(limits.perMinute);
    expect(most(starts, hour, (start) => start.content)).toBeLessThanOrEqual(limits.contentPerHour);
    const end = starts.at(-1)!.at;
    expect(Math.abs(end - ends) / ends).toBeLessThan(0.05);
  });

  it("is that of each credential alone, under a ceiling of what runs at once", () => {
    const limits = { perMinute: 5, contentPerHour: 400, running: 8 };
    const starts = drive([batchOf("team-a/x", 20), batchOf("team-b/y", 20)], limits);
    const first = starts.filter(({ at }) => at === 0);
    expect(first.map(({ namespace }) => namespace).toSorted()).toEqual([...Array(4).fill("team-a"), ...Array(4).fill("team-b")]);
    for (const namespace of ["team-a", "team-b"]) {
      expect(
        most(
          starts.filter((start) => start.namespace === namespace),
          minute,
          () => 1,
        ),
      ).toBeLessThanOrEqual(5);
    }
  });

  it("is shared by the batches of a namespace, so that a large one does not keep a small one waiting", () => {
    const starts = drive([batchOf("team-a/large", 100), batchOf("team-a/small", 5)], { perMinute: 5, contentPerHour: 1000 });
    const small = starts.filter(({ batch }) => batch === "team-a/small");
    expect(small.at(-1)!.at).toBeLessThanOrEqual(2 * minute);
  });

  it("tells everybody that waits when the turn is, and nobody a time while only a running one is in the way", () => {
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
    expect(told({})).toEqual([60_000, 61_000, 62_000, 63_000, 64_000, 120_000, 121_000]);
    expect(told({ held: new Map([[team.credential, 300_000]]) })).toEqual([...Array(5).fill(300_000), 360_000, 360_000]);
    expect(told({ starts: [], running: 3, runs: 3 })).toEqual([...Array(5).fill(undefined), 65_000, 65_000]);
  });

  it("lets what is more than an hour's content go after an hour of rest", () => {
    expect(earliestStart([{ at: 0, content: 2 }], 50, { perMinute: 5, contentPerHour: 40 }, 1000)).toBe(hour);
    expect(earliestStart([], 50, { perMinute: 5, contentPerHour: 40 }, 1000)).toBe(1000);
  });
});
