import { expect, it } from "vitest";
import { Faults } from "./fault.ts";
import type { FaultInput } from "./fault.ts";

const push = { operation: "git/push", repository: "acme/api", token: "write", writes: true };
const search = { operation: "search/repos", repository: undefined, token: "read", writes: false };

function struck(input: FaultInput, call: typeof push | typeof search, times: number): readonly boolean[] {
  const faults = new Faults();
  faults.add(input);
  return Array.from({ length: times }, () => faults.next(call) !== undefined);
}

it.each([
  [{ operation: "git/push", status: 502 }, push, [true, false, false]],
  [{ operation: "git/push", status: 502, skip: 1, times: 1 }, push, [false, true, false]],
  [{ operation: "write", reset: true, times: "always" }, push, [true, true, true]],
  [{ operation: "write", reset: true, times: "always" }, search, [false, false, false]],
  [{ operation: "*", hang: true, times: 2 }, search, [true, true, false]],
  [{ operation: "*", slowMs: 5, repository: "ACME/api" }, push, [true, false, false]],
  [{ operation: "*", slowMs: 5, repository: "acme/web" }, push, [false, false, false]],
  [{ operation: "*", slowMs: 5, token: "read" }, push, [false, false, false]],
] as const)("%j strikes as often as it says", (fault, call, expected) => {
  expect(struck(fault, call, 3)).toEqual(expected);
});

it.each([{ operation: "x" }, { operation: "x", status: 500, hang: true }] as const)("%j is no fault", (fault) => {
  expect(() => new Faults().add(fault)).toThrow("give exactly one of status, reset, hang and slowMs");
});
