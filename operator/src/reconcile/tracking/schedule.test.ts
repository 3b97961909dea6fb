import { expect, it } from "vitest";
import { trackPlan, trackTimings, type Followable } from "./schedule.ts";

const opened = Date.UTC(2026, 10, 1);
const at = (seconds: number): Date => new Date(opened + seconds * 1000);
const day = 86_400;

function pull(changeset: string, ageSeconds: number, state = "open"): Followable {
  return { changeset, pullRequest: { state, createdAt: at(-ageSeconds).toISOString() } };
}

it.each([
  ["nothing", [], undefined, { kind: "Done" }],
  ["what is merged and closed", [pull("a", 0, "merged"), pull("b", 0, "closed")], undefined, { kind: "Done" }],
  ["a new one, at once", [pull("a", 0)], undefined, { kind: "Look", changesets: ["a"] }],
  ["one of the first day, every 5 minutes", [pull("a", day - 1)], -299, { kind: "Wait", until: at(1) }],
  ["one of the first day that is due", [pull("a", day - 1)], -300, { kind: "Look", changesets: ["a"] }],
  ["one of the first week, hourly", [pull("a", day)], -3599, { kind: "Wait", until: at(1) }],
  ["one of the first week that is due", [pull("a", 7 * day - 1)], -3600, { kind: "Look", changesets: ["a"] }],
  ["an older one, every 6 hours", [pull("a", 7 * day)], -21_599, { kind: "Wait", until: at(1) }],
  ["an older one that is due", [pull("a", 30 * day - 1)], -21_600, { kind: "Look", changesets: ["a"] }],
  ["one of 30 days", [pull("a", 30 * day)], undefined, { kind: "Done" }],
  [
    "all that are followed when the youngest is due",
    [pull("a", 9 * day), pull("b", 1), pull("c", 31 * day)],
    -300,
    { kind: "Look", changesets: ["a", "b"] },
  ],
  [
    "a closed one with it, which may be opened again, and no merged one",
    [pull("a", 0), pull("b", 0, "closed"), pull("c", 0, "merged"), pull("d", 31 * day, "closed")],
    undefined,
    { kind: "Look", changesets: ["a", "b"] },
  ],
  ["one from the future", [pull("a", -day)], -300, { kind: "Look", changesets: ["a"] }],
] as const)("%s", (_what, pulls, lookedAt, plan) => {
  expect(trackPlan(pulls, { lookedAt: lookedAt === undefined ? undefined : at(lookedAt) }, at(0))).toEqual(plan);
});

it("one whose opening is not known is new", () => {
  expect(trackPlan([{ changeset: "a", pullRequest: { state: "open" } }], { lookedAt: at(-300) }, at(0)).kind).toBe("Look");
});

it("the host's time holds before all else", () => {
  expect(trackPlan([pull("a", 0)], { lookedAt: undefined, heldUntil: at(7) }, at(0))).toEqual({ kind: "Wait", until: at(7) });
  expect(trackPlan([pull("a", 0)], { lookedAt: undefined, heldUntil: at(0) }, at(0)).kind).toBe("Look");
});

it("a pull request that nobody touches is looked at 524 times, and then no more", () => {
  let lookedAt: Date | undefined;
  let now = at(0);
  let looks = 0;
  for (;;) {
    const plan = trackPlan([pull("a", 0)], { lookedAt }, now);
    if (plan.kind === "Done") break;
    if (plan.kind === "Wait") now = plan.until;
    else {
      looks += 1;
      lookedAt = now;
    }
  }
  // 288 in the first day, 144 in the other six, 92 in the 23 days after.
  expect(looks).toBe(288 + 144 + 92);
  expect(now.getTime() - opened).toBeLessThanOrEqual((trackTimings.followFor + trackTimings.laterEvery) * 1000);
});
