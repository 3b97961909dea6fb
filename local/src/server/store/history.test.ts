import { expect, it } from "vitest";
import type { Change } from "./entry.ts";
import { History } from "./history.ts";

function change(version: number, size = 10): Change {
  const entry = {
    storage: "x",
    namespace: "",
    name: "a",
    uid: "u",
    version,
    json: "x".repeat(size),
    labels: {},
    fields: {},
    owners: [],
    deleting: false,
  };
  return { type: "MODIFIED", version, entry, previous: undefined };
}

function versions(changes: readonly Change[] | undefined): readonly number[] | undefined {
  return changes?.map(({ version }) => version);
}

it("keeps the last changes and says which are forgotten", () => {
  const history = new History({ changes: 3, bytes: 1000 });
  for (let version = 1; version <= 5; version += 1) history.push(change(version));
  expect(versions(history.since(2))).toEqual([3, 4, 5]);
  expect(versions(history.since(5))).toEqual([]);
  expect(history.since(1)).toBeUndefined();
});

it("is bounded in bytes too", () => {
  const history = new History({ changes: 100, bytes: 25 });
  for (let version = 1; version <= 4; version += 1) history.push(change(version));
  expect(versions(history.since(2))).toEqual([3, 4]);
  expect(history.since(1)).toBeUndefined();
});

it("stays in step over many thousand changes", () => {
  const history = new History({ changes: 1000, bytes: 1e9 });
  for (let version = 1; version <= 10_000; version += 1) history.push(change(version));
  expect(versions(history.since(9998))).toEqual([9999, 10_000]);
  expect(history.since(9000)?.length).toBe(1000);
  expect(history.since(8999)).toBeUndefined();
});

it("goes on after a restart at a version", () => {
  const history = new History({ changes: 10, bytes: 1000 });
  history.restart(41);
  history.push(change(42));
  expect(versions(history.since(41))).toEqual([42]);
  expect(history.since(40)).toBeUndefined();
});
