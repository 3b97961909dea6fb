import { expect, it } from "vitest";
import { ChangeLog } from "../watch/change-log.ts";
import { Dirty } from "./dirty.ts";

const change = (sequence: number, name: string) =>
  ({ sequence, what: "batch", namespace: "a", name, batchChange: name, gone: false }) as const;

it("sends an object at once, and then at most once in a pause, the newest state last", () => {
  const dirty = new Dirty(1000);
  dirty.add(change(1, "x"));
  expect([dirty.wait(0), dirty.take(0).length]).toEqual([0, 1]);
  dirty.add(change(2, "x"));
  dirty.add(change(3, "x"));
  dirty.add(change(4, "y"));
  expect(dirty.take(10).map(({ name }) => name)).toEqual(["y"]);
  expect(dirty.wait(10)).toBe(990);
  expect(dirty.take(1000).map(({ sequence }) => sequence)).toEqual([3]);
  expect(dirty.wait(1000)).toBeUndefined();
});

it("gives an id from which nothing is missed, whatever was held back", () => {
  const log = new ChangeLog(50);
  const dirty = new Dirty(100);
  const sent = new Map<string, number>();
  let given = 0;
  for (let now = 0; now < 3000; now += 7) {
    dirty.add(log.add({ what: "batch", namespace: "a", name: `b${now % 5}`, batchChange: "", gone: false }));
    if (now % 21 === 0) for (const { name, sequence } of dirty.take(now)) sent.set(name, sequence);
    given = dirty.complete(log.sequence);
    const missed = log.since(given) ?? [];
    for (const name of ["b0", "b1", "b2", "b3", "b4"]) {
      const newest = log.since(Math.max(0, log.sequence - 40))?.findLast((one) => one.name === name)?.sequence;
      const known = Math.max(sent.get(name) ?? 0, missed.findLast((one) => one.name === name)?.sequence ?? 0);
      expect(known).toBeGreaterThanOrEqual(newest ?? 0);
    }
  }
  expect(given).toBeGreaterThan(0);
});

it("says that it has forgotten rather than leave something out", () => {
  const log = new ChangeLog(10);
  for (let index = 0; index < 100; index += 1) log.add({ what: "batch", namespace: "a", name: `b${index}`, batchChange: "", gone: false });
  expect(log.since(5)).toBeUndefined();
  expect(log.since(100)).toEqual([]);
  expect(log.since(101)).toBeUndefined();
  expect(log.since(95)?.map(({ sequence }) => sequence)).toEqual([96, 97, 98, 99, 100]);
  expect([new ChangeLog().since(0), new ChangeLog().since(1)]).toEqual([[], undefined]);
});
