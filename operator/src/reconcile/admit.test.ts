import { describe, expect, it } from "vitest";
import { admit, type InFlight, type Request } from "./admit.ts";
import type { CreateJob, CreateTask, Wish } from "./wish.ts";

const job = (name: string): CreateJob => ({ kind: "CreateJob", name, reservedNanoUSD: 1 }) as CreateJob;
const start = (name: string): Wish => ({ kind: "Start", first: [], job: job(name), otherwise: undefined });

/** `team-a/x: 3` asks for Jobs team-a/x/0 … 2. */
function request(text: string, createdAt = "2026-03-02T09:00:00Z"): Request {
  const [batch = "", count] = text.split(": ");
  const wishes = Array.from({ length: Number(count) }, (_, index) => start(`${batch}/${index}`));
  return { batch, namespace: batch.split("/")[0]!, createdAt, wishes };
}

function running(batch: string, count: number): InFlight[] {
  return Array.from({ length: count }, (_, index) => ({ namespace: batch.split("/")[0]!, batch, job: `${batch}/r${index}` }));
}

function granted(requests: readonly Request[], inFlight: readonly InFlight[], slots: number): string[] {
  const { actions } = admit(requests, inFlight, { runningJobs: slots }, 0);
  return [...actions.values()].flat().flatMap((action) => (action.kind === "CreateJob" ? [action.name] : []));
}

interface Case {
  readonly rule: string;
  readonly asked: string[];
  readonly running?: InFlight[];
  readonly slots: number;
  readonly want: string[];
}

describe("admission", () => {
  it.each<Case>([
    { rule: "grants all when there is room", asked: ["a/x: 2", "b/y: 1"], slots: 5, want: ["a/x/0", "a/x/1", "b/y/0"] },
    { rule: "grants nothing without a slot", asked: ["a/x: 2"], running: running("b/y", 3), slots: 3, want: [] },
    {
      rule: "shares between namespaces, not batches",
      asked: ["a/x: 2", "a/y: 2", "b/z: 2"],
      slots: 4,
      want: ["a/x/0", "a/y/0", "b/z/0", "b/z/1"],
    },
    {
      rule: "prefers the namespace that holds less",
      asked: ["a/x: 2", "b/y: 2"],
      running: running("a/x", 2),
      slots: 4,
      want: ["b/y/0", "b/y/1"],
    },
    { rule: "prefers the batch that holds less", asked: ["a/x: 2", "a/y: 2"], running: running("a/x", 1), slots: 2, want: ["a/y/0"] },
    {
      rule: "lets a small batch pass a large one",
      asked: ["a/big: 100", "b/small: 1"],
      running: running("a/big", 3),
      slots: 4,
      want: ["b/small/0"],
    },
    { rule: "gives what one leaves to the other", asked: ["a/x: 1", "b/y: 5"], slots: 4, want: ["a/x/0", "b/y/0", "b/y/1", "b/y/2"] },
    {
      rule: "grants nothing when the limit was lowered below what runs",
      asked: ["a/x: 1"],
      running: running("b/y", 9),
      slots: 3,
      want: [],
    },
  ])("$rule", ({ asked, running: inFlight = [], slots, want }) => {
    const requests = asked.map((text) => request(text));
    expect(granted(requests, inFlight, slots)).toEqual(want);
  });

  it("prefers the older batch where all else is equal", () => {
    expect(granted([request("a/new: 1", "2026-03-02T10:00:00Z"), request("a/old: 1")], [], 1)).toEqual(["a/old/0"]);
  });

  it("makes a status of a refused start, keeps the order of the rest, and says who was refused", () => {
    const otherwise = { kind: "PatchChangesetStatus", changeset: {}, status: { phase: "Pending" } } as never;
    const first = { kind: "EnsureRecorderAccess", namespace: "a" } as const;
    const wishes: Wish[] = [
      { kind: "DeleteJob", name: "old", uid: "1" },
      { kind: "Start", first: [first], job: job("one"), otherwise },
      { kind: "Start", first: [first], job: job("two"), otherwise },
      { kind: "DeleteJob", name: "older", uid: "2" },
    ];
    const { actions, refused } = admit([{ batch: "a/x", namespace: "a", createdAt: "", wishes }], [], { runningJobs: 1 }, 0);
    expect(actions.get("a/x")).toEqual([wishes[0], first, job("one"), otherwise, wishes[3]]);
    expect([...refused]).toEqual(["a/x"]);
  });

  it.each([
    [999, []],
    [1000, ["a/x/0"]],
  ])("starts nothing while the API server rests, and asks no status of it for that: at %i of 1000", (now, want) => {
    const stop = { kind: "SuspendJob", name: "old", uid: "1", because: "CancelRequested" } as const;
    const otherwise = { kind: "PatchChangesetStatus", changeset: {}, status: { phase: "Pending" } } as never;
    const wishes: Wish[] = [stop, { kind: "Start", first: [], job: job("a/x/0"), otherwise }];
    const room = { runningJobs: 5, restUntil: 1000 };
    const { actions, refused } = admit([{ batch: "a/x", namespace: "a", createdAt: "", wishes }], [], room, now);
    expect(actions.get("a/x")).toEqual([stop, ...want.map(job)]);
    expect([...refused]).toEqual(want.length === 0 ? ["a/x"] : []);
  });

  it("starts no publish Job where nobody knows what the host has room for, and any other", () => {
    const otherwise = { kind: "PatchChangesetStatus", changeset: {}, status: { phase: "Publishing" } } as never;
    const task = { kind: "CreateTask", name: "a/x/publish" } as CreateTask;
    const publish: Wish = { kind: "Publish", first: [], task, credential: "a/github-write", content: 2, otherwise: () => otherwise };
    const wishes = [start("a/x/0"), publish];
    const { actions, refused } = admit([{ batch: "a/x", namespace: "a", createdAt: "", wishes }], [], { runningJobs: 5 }, 0);
    expect(actions.get("a/x")).toEqual([job("a/x/0"), otherwise]);
    expect([...refused]).toEqual(["a/x"]);
  });
});
