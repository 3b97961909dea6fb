import { expect, it } from "vitest";
import { conditionsOf, truncate, type Finding } from "./conditions.ts";

const now = new Date("2026-03-02T10:00:00Z");
const before = [
  { type: "Complete", status: "False", reason: "InProgress", message: "1 pending", lastTransitionTime: "2026-03-02T09:00:00Z" },
] as const;
const finding: Finding = { type: "Complete", status: "False", reason: "InProgress", message: "0 pending" };

it("keeps a condition's time until its status changes", () => {
  const [same] = conditionsOf([finding], [...before], 2, now);
  expect(same).toMatchObject({ lastTransitionTime: "2026-03-02T09:00:00Z", message: "0 pending", observedGeneration: 2 });
  const [other] = conditionsOf([{ ...finding, status: "True", reason: "AllSucceeded" }], [...before], 2, now);
  expect(other!.lastTransitionTime).toBe(now.toISOString());
});

it("shows a rare condition only once it has been True", () => {
  const rare: Finding = { type: "BudgetExceeded", status: "False", reason: "WithinBudget", message: "", rare: true };
  expect(conditionsOf([rare], [], 1, now)).toEqual([]);
  expect(conditionsOf([rare], [{ ...before[0], type: "BudgetExceeded", status: "True" }], 1, now)).toHaveLength(1);
});

it("cuts a long message, and never in the middle of a character", () => {
  expect(truncate("short", 10)).toBe("short");
  expect(truncate("a".repeat(2000), 1024)).toHaveLength(1024);
  expect(truncate(`${"a".repeat(8)}😀tail`, 10)).toBe(`${"a".repeat(8)}…`);
});
