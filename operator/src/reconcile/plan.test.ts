import { describe, expect, it } from "vitest";
import { nextLook } from "./next-look.ts";
import { mebibyte } from "./limits.ts";
import { plan, viewOf } from "./plan.ts";
import { batchOf, limitsOf, observedOf, repositories, type SpecInput } from "./testing/build.ts";
import { Story } from "./testing/story.ts";
import type { Observed } from "./observed.ts";
import { planUnreadable } from "./unreadable.ts";

const kinds = (part: Partial<Observed>): string[] => plan(observedOf(part)).map(({ kind }) => kind);

/** A batch that has its Changesets and nothing else. */
function withChangesets(spec: SpecInput, part: Partial<Observed> = {}): string[] {
  const story = new Story({ runningJobs: 1 });
  const blocker = story.apply("other", { repositories: repositories(1) });
  const key = story.apply("node-24", spec);
  story.world.removeBatch(blocker);
  const wishes = plan({ ...story.world.observe(key), ...part });
  return wishes.flatMap((wish) => (wish.kind === "Start" ? [wish.job.name.slice(-3)] : []));
}

describe("plan", () => {
  it("begins with the prompt, the Changesets and a first status", () => {
    expect(kinds({})).toEqual(["CreatePrompt", "CreateChangeset", "CreateChangeset", "PatchBatchStatus"]);
  });

  it("makes nothing for a BatchChange that is being deleted", () => {
    const batch = batchOf();
    expect(kinds({ batch: { ...batch, metadata: { ...batch.metadata, deletionTimestamp: "2026-03-02T09:00:00Z" } } })).toEqual([]);
  });

  it("only says why when it is not accepted", () => {
    expect(kinds({ limits: limitsOf({ maxRepositories: 1 }) })).toEqual(["PatchBatchStatus", "EmitEvent"]);
  });

  it.each<[string, SpecInput, Partial<Observed>, number]>([
    ["starts up to the parallelism", { repositories: repositories(5), parallelism: 3 }, {}, 3],
    ["starts nothing while suspended", { repositories: repositories(5), suspend: true }, {}, 0],
    ["starts nothing when cancelled", { repositories: repositories(5), cancel: true }, {}, 0],
    ["starts as many as the budget holds", { repositories: repositories(5), budget: { maxCostUSD: 5 } }, {}, 2],
    ["starts the canaries alone", { repositories: repositories(5), rollout: { canary: 2 } }, {}, 2],
    ["starts nothing when storage is full", { repositories: repositories(5) }, { storedBytes: 256 * mebibyte }, 0],
    [
      "starts nothing when the policy is missing",
      { repositories: repositories(5) },
      { obstacle: { reason: "AdmissionPolicyMissing", message: "" } },
      0,
    ],
  ])("%s", (_, spec, part, want) => {
    expect(withChangesets(spec, part)).toHaveLength(want);
  });

  it("looks again when time alone changes something", () => {
    const story = new Story();
    const key = story.apply("node-24", { repositories: repositories(1), ttlSecondsAfterFinished: 600 });
    const look = (): string | undefined =>
      nextLook(viewOf(story.world.observe(key)))
        ?.toISOString()
        .slice(11, 19);
    expect(look()).toBe("09:00:25");
    story.starts(key, "acme/r0");
    expect(look()).toBeUndefined();
    story.finishes(key, "acme/r0");
    expect(look()).toBe("09:10:30");
  });

  it("looks again while it waits for storage, which other batches give back", () => {
    const story = new Story();
    const key = story.apply("node-24", { repositories: repositories(1) });
    const observed = { ...story.world.observe(key), storedBytes: 256 * mebibyte };
    const poll = observed.now.getTime() + observed.settings.timings.poll * 1000;
    expect(nextLook(viewOf({ ...observed, jobs: [] }))?.getTime()).toBe(poll);
  });

  it("says once of a spec that cannot be read what is wrong with it", () => {
    const { metadata } = batchOf();
    const faults = [{ path: "spec.repositories", rule: "Required value", message: "Required value" }] as const;
    const now = new Date("2026-03-02T09:00:00Z");
    const [action] = planUnreadable({ metadata, faults, status: undefined }, now);
    const status = action?.kind === "PatchBatchStatus" ? action.status : undefined;
    expect(status).toMatchObject({ phase: "Pending", conditions: [{ type: "Accepted", status: "False", reason: "InvalidSpec" }] });
    expect(planUnreadable({ metadata, faults, status }, now)).toEqual([]);
  });
});
