import type { Metrics } from "../metrics.ts";
import type { Clock } from "./clock.ts";
import { RateLimiter } from "./rate-limit.ts";
import type { RateLimits } from "./rate-limit.ts";

export interface WorkQueueOptions {
  /** Label of its metrics. */
  readonly name: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits?: RateLimits;
}

/** Keys to work on, as client-go's queue: a key waits at most once, and is never with two workers at the same time. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #limiter: RateLimiter;
  /** In order of arrival. */
  readonly #waiting = new Set<string>();
  /** Added, not yet taken; a key that is being worked on waits here only. */
  readonly #dirty = new Map<string, number>();
  readonly #processing = new Map<string, number>();
  readonly #delayed = new Map<string, { readonly due: number; readonly cancel: () => void }>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#limiter = new RateLimiter(options.clock, options.limits);
    options.metrics.observeQueue(options.name, { depth: () => this.#waiting.size, running: () => this.#runningSeconds() });
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  add(key: string): void {
    if (this.#stopped || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#options.clock.now());
    this.#options.metrics.queueAdds.inc({ name: this.#options.name });
    if (!this.#processing.has(key)) this.#offer(key);
  }

  /** Adds after so many milliseconds. Of several delays of one key the earliest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#stopped) return;
    if (milliseconds <= 0) {
      this.add(key);
      return;
    }
    const due = this.#options.clock.now() + milliseconds;
    const known = this.#delayed.get(key);
    if (known !== undefined && known.due <= due) return;
    known?.cancel();
    const cancel = this.#options.clock.after(milliseconds, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, cancel });
  }

  /** For a key that failed: later each time (5 ms to 1000 s), and not more than the bucket allows all keys together. */
  addRateLimited(key: string): void {
    this.#options.metrics.queueRetries.inc({ name: this.#options.name });
    this.addAfter(key, this.#limiter.delay(key));
  }

  /** How often the key failed since the last {@link forget}. */
  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** The key went well: its next failure starts at the shortest delay. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  /** The next key, which must be given back with {@link done}; undefined once the queue is shut down and empty. */
  take(): Promise<string | undefined> {
    const [key] = this.#waiting;
    if (key !== undefined) return Promise.resolve(this.#start(key));
    if (this.#stopped) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The worker is through with the key; if it was added meanwhile, it waits again. */
  done(key: string): void {
    const startedAt = this.#processing.get(key);
    if (startedAt === undefined) return;
    this.#processing.delete(key);
    this.#options.metrics.queueWork.observe({ name: this.#options.name }, (this.#options.clock.now() - startedAt) / 1000);
    if (this.#dirty.has(key)) this.#offer(key);
  }

  /** Takes nothing more; workers get what waits and then undefined. */
  shutDown(): void {
    this.#stopped = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #offer(key: string): void {
    this.#waiting.add(key);
    const taker = this.#takers.shift();
    if (taker !== undefined) taker(this.#start(key));
  }

  #start(key: string): string {
    const now = this.#options.clock.now();
    const addedAt = this.#dirty.get(key) ?? now;
    this.#waiting.delete(key);
    this.#dirty.delete(key);
    this.#processing.set(key, now);
    this.#options.metrics.queueWait.observe({ name: this.#options.name }, (now - addedAt) / 1000);
    return key;
  }

  #runningSeconds(): readonly number[] {
    const now = this.#options.clock.now();
    return [...this.#processing.values()].map((startedAt) => (now - startedAt) / 1000);
  }
}
