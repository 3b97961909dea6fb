import { beforeEach, describe, expect, it } from "vitest";
import { createMetrics } from "../metrics.ts";
import type { Metrics } from "../metrics.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { WorkQueue } from "./work-queue.ts";

let clock: FakeClock;
let metrics: Metrics;
let queue: WorkQueue;

beforeEach(() => {
  [clock, metrics] = [new FakeClock(), createMetrics()];
  queue = new WorkQueue({ name: "batches", clock, metrics });
});

describe("a work queue", () => {
  it("gives keys in the order of their arrival, each once however often it was added", async () => {
    for (const key of ["a", "b", "a", "a"]) queue.add(key);
    expect([await queue.take(), await queue.take()]).toEqual(["a", "b"]);
    expect(queue.depth).toBe(0);
  });

  it("never gives a key to two workers; added while in work, it comes again after done", async () => {
    queue.add("a");
    await queue.take();
    queue.add("a");
    queue.add("a");
    expect(queue.depth).toBe(0);
    queue.done("a");
    expect(queue.depth).toBe(1);
    expect(await queue.take()).toBe("a");
    queue.done("a");
    expect(queue.depth).toBe(0);
  });

  it("hands a key to the worker that has waited longest", async () => {
    const [first, second] = [queue.take(), queue.take()];
    queue.add("a");
    queue.add("b");
    expect(await Promise.all([first, second])).toEqual(["a", "b"]);
  });

  it("adds after a delay; of several delays of a key the earliest counts", () => {
    queue.addAfter("a", 500);
    queue.addAfter("a", 100);
    queue.addAfter("a", 300);
    clock.advance(99);
    expect(queue.depth).toBe(0);
    clock.advance(1);
    expect(queue.depth).toBe(1);
    clock.advance(1000);
    expect([queue.depth, clock.pending]).toEqual([1, 0]);
  });

  it("delays a failing key by 5 ms, doubling up to 1000 s, and starts over after forget", async () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 20; failure += 1) {
      queue.addRateLimited("a");
      const from = clock.now();
      while (queue.depth === 0) clock.advance(5);
      waits.push(clock.now() - from);
      await queue.take();
      queue.done("a");
    }
    expect(waits.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(waits.at(-1)).toBe(1_000_000);
    expect(queue.failures("a")).toBe(20);
    queue.forget("a");
    queue.addRateLimited("a");
    clock.advance(5);
    expect(queue.depth).toBe(1);
  });

  it("lets at most 100 failures at once and then 10 a second through, all keys together", () => {
    for (let count = 0; count < 130; count += 1) queue.addRateLimited(`key-${count}`);
    clock.advance(5);
    expect(queue.depth).toBe(100);
    clock.advance(1000);
    expect(queue.depth).toBe(110);
    clock.advance(2000);
    expect(queue.depth).toBe(130);
  });

  it("after shut-down takes nothing more, gives out what waits, then sends the workers home", async () => {
    const idle = new WorkQueue({ name: "idle", clock, metrics }).take();
    queue.add("a");
    queue.addAfter("b", 100);
    queue.shutDown();
    queue.add("c");
    clock.advance(1000);
    expect([await queue.take(), await queue.take()]).toEqual(["a", undefined]);
    expect(await Promise.race([idle, Promise.resolve("still waiting")])).toBe("still waiting");
  });

  it("wakes waiting workers at shut-down", async () => {
    const waiting = queue.take();
    queue.shutDown();
    expect(await waiting).toBeUndefined();
  });

  it("measures itself under client-go's names", async () => {
    queue.add("a");
    queue.add("b");
    clock.advance(2000);
    await queue.take();
    clock.advance(3000);
    queue.addRateLimited("c");
    const text = await metrics.registry.metrics();
    for (const line of [
      'workqueue_depth{name="batches"} 1',
      'workqueue_adds_total{name="batches"} 2',
      'workqueue_retries_total{name="batches"} 1',
      'workqueue_queue_duration_seconds_sum{name="batches"} 2',
      'workqueue_unfinished_work_seconds{name="batches"} 3',
      'workqueue_longest_running_processor_seconds{name="batches"} 3',
    ]) {
      expect(text).toContain(line);
    }
    queue.done("a");
    expect(await metrics.registry.metrics()).toContain('workqueue_work_duration_seconds_sum{name="batches"} 3');
  });
});
