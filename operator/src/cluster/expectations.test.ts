import { beforeEach, describe, expect, it } from "vitest";
import { Expectations } from "./expectations.ts";
import { Store } from "./store.ts";
import type { Stored } from "./store.ts";
import { FakeClock } from "./testing/fake-clock.ts";

let clock: FakeClock;
let expectations: Expectations;
let jobs: Store<Stored>;
let changesets: Store<Stored>;

beforeEach(() => {
  clock = new FakeClock();
  expectations = new Expectations(clock);
  [jobs, changesets] = [new Store(), new Store()];
});

/** Of another object than `j`. */
const at = (resourceVersion: string) => ({ uid: "other", resourceVersion });
const metadata = { name: "j", namespace: "n", uid: "u", generation: 0, resourceVersion: "5", creationTimestamp: "" };

describe("read your writes", () => {
  it("a key that wrote nothing need not wait", () => {
    expect(expectations.waitMs("a")).toBe(0);
  });

  it("waits until every cache it wrote to has reached that resourceVersion", () => {
    expectations.wrote("a", jobs, at("99"));
    expectations.wrote("a", changesets, at("100"));
    jobs.advance("100");
    expect(expectations.waitMs("a")).toBe(100);
    changesets.advance("99");
    expect(expectations.waitMs("a")).toBe(100);
    changesets.advance("100");
    expect(expectations.waitMs("a")).toBe(0);
  });

  it("need not wait for the watch once the cache has learned what was written, but waits for anything older", () => {
    jobs.learn({ metadata });
    expectations.wrote("a", jobs, { uid: "u", resourceVersion: "5" });
    expect(expectations.waitMs("a")).toBe(0);
    expectations.wrote("a", jobs, { uid: "u", resourceVersion: "6" });
    expect(expectations.waitMs("a")).toBe(100);
    jobs.learn({ metadata: { ...metadata, resourceVersion: "7" } });
    expect(expectations.waitMs("a")).toBe(0);
  });

  it("does not make other keys wait", () => {
    expectations.wrote("a", jobs, at("99"));
    expect(expectations.waitMs("b")).toBe(0);
  });

  it("waits for a deletion until the cache has it gone or going", () => {
    jobs.put({ metadata });
    expectations.removed("a", jobs, "u");
    jobs.advance("1000");
    expect(expectations.waitMs("a")).toBe(100);
    jobs.put({ metadata: { ...metadata, resourceVersion: "6", deletionTimestamp: "2026-01-01T00:00:00Z" } });
    expect(expectations.waitMs("a")).toBe(0);
    expectations.removed("b", jobs, "unknown");
    expect(expectations.waitMs("b")).toBe(0);
  });

  it("goes on without the cache after a minute, so that one lost event does not stop a batch for ever", () => {
    expectations.wrote("a", jobs, at("99"));
    clock.advance(59_950);
    expect(expectations.waitMs("a")).toBe(50);
    clock.advance(51);
    expect(expectations.waitMs("a")).toBe(0);
  });

  it("tells how long it waits at most, for a look even when no event comes", () => {
    expect(expectations.latestMs("a")).toBeUndefined();
    expectations.wrote("a", jobs, at("99"));
    clock.advance(20_000);
    expectations.wrote("a", changesets, at("100"));
    expect(expectations.latestMs("a")).toBe(60_000);
    changesets.advance("100");
    expect(expectations.latestMs("a")).toBe(40_000);
    jobs.advance("99");
    expect(expectations.latestMs("a")).toBeUndefined();
  });

  it("forgets a key that is no more", () => {
    expectations.wrote("a", jobs, at("99"));
    expectations.forget("a");
    expect(expectations.waitMs("a")).toBe(0);
  });
});
