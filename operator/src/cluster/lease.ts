import { z } from "zod";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Client } from "./client.ts";
import { sleep } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { ApiError } from "./errors.ts";
import { missingFor } from "./missing.ts";
import type { KubeObject } from "./object.ts";
import { resources } from "./resource.ts";

/** Milliseconds; client-go's defaults. `duration` must be longer than `renewDeadline`, that longer than `retry`. */
export interface LeaseTimes {
  /** A holder that was not seen renewing for so long may be replaced. */
  readonly duration: number;
  /** A holder that could not renew for so long gives up by itself. */
  readonly renewDeadline: number;
  readonly retry: number;
}

const leaseTimes: LeaseTimes = { duration: 15_000, renewDeadline: 10_000, retry: 2000 };

export interface LeaseOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The Lease is lost and another may act now: the process must end. Not called after {@link Lease.release}. */
  readonly onLost: () => void;
  readonly times?: LeaseTimes;
}

const LeaseSpec = z.object({
  holderIdentity: z.string().nullish(),
  leaseDurationSeconds: z.int().nullish(),
  acquireTime: z.string().nullish(),
  renewTime: z.string().nullish(),
  leaseTransitions: z.int().nullish(),
});
type LeaseSpec = z.infer<typeof LeaseSpec>;

/** Leader election after client-go: another's date is never trusted, only how long, by the own monotonic clock, its Lease has not changed. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #observed: { readonly resourceVersion: string; readonly at: number } | undefined;
  /** The last try to take the Lease. */
  #taking: Promise<boolean> | undefined;
  #renewing: Promise<void> | undefined;
  #isLeader = false;
  #missing: string | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? leaseTimes;
    this.#log = options.log.child({ lease: `${options.namespace}/${options.name}`, identity: options.identity });
    this.#setLeader(false);
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** What is not installed, if that is why the Lease was refused. */
  get missing(): string | undefined {
    return this.#missing;
  }

  /** Waits until the Lease is ours and keeps it from then on. False when it was released, or `signal` aborted, before. */
  async acquire(signal?: AbortSignal): Promise<boolean> {
    const quit = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
    this.#log.info("waiting for the Lease");
    while (!quit.aborted) {
      const startedAt = this.#options.clock.now();
      this.#taking = this.#try();
      if (await this.#taking) {
        if (quit.aborted) return false;
        this.#setLeader(true);
        this.#log.info("holding the Lease");
        this.#renewing = this.#renew(startedAt);
        return true;
      }
      await sleep(this.#options.clock, this.#times.retry * (1 + this.#options.random() * 1.2), quit);
    }
    return false;
  }

  /** Stops renewing and, when held, frees the Lease so that the next holder need not wait. A try that is under way may yet take it. */
  async release(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    if (!(await this.#taking)) return;
    this.#setLeader(false);
    try {
      await this.#free();
      this.#log.info("released the Lease");
    } catch (error) {
      this.#log.warn({ err: error }, "could not release the Lease; it expires by itself");
    }
  }

  /** A request that hangs counts from its start: what the server does with it afterwards cannot be known. */
  async #renew(acquiredAt: number): Promise<void> {
    let lastRenewal = acquiredAt;
    for (;;) {
      await sleep(this.#options.clock, this.#times.retry, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      const startedAt = this.#options.clock.now();
      const left = lastRenewal + this.#times.renewDeadline - startedAt;
      // Half the deadline, as client-go: one request that hangs leaves time for another.
      const patience = Math.min(left, this.#times.renewDeadline / 2);
      if (left > 0 && (await this.#within(patience, this.#try()))) lastRenewal = startedAt;
      if (this.#stop.signal.aborted) return;
      if (this.#options.clock.now() - lastRenewal >= this.#times.renewDeadline) {
        this.#lose();
        return;
      }
    }
  }

  #lose(): void {
    this.#setLeader(false);
    this.#log.error("lost the Lease: it could not be renewed in time");
    this.#options.onLost();
  }

  /** False when the time is over or the process stops before the attempt is through. */
  #within(milliseconds: number, attempt: Promise<boolean>): Promise<boolean> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stop.signal]);
    return Promise.race([attempt, sleep(this.#options.clock, milliseconds, signal).then(() => false)]).finally(() => over.abort());
  }

  async #try(): Promise<boolean> {
    try {
      const isOurs = await this.#takeOrKeep();
      this.#missing = undefined;
      return isOurs;
    } catch (error) {
      const lostRace = error instanceof ApiError && error.status === 409;
      if (!lostRace && !this.#stop.signal.aborted) this.#refused(error);
      return false;
    }
  }

  #refused(error: unknown): void {
    this.#missing = missingFor(error, { verb: "keep", resource: resources.leases, namespace: this.#options.namespace });
    this.#log.warn({ err: error, ...(this.#missing !== undefined && { missing: this.#missing }) }, "cannot reach the Lease; trying again");
  }

  async #takeOrKeep(): Promise<boolean> {
    const { client, namespace, name, identity } = this.#options;
    const current = await client.get(resources.leases, namespace, name);
    if (current === undefined) {
      this.#observe(await client.create(resources.leases, namespace, this.#manifest()));
      return true;
    }
    this.#observe(current);
    const spec = LeaseSpec.catch({}).parse(current["spec"]);
    if (spec.holderIdentity !== identity && !this.#isFree(spec)) return false;
    const { resourceVersion } = current.metadata;
    this.#observe(await client.mergePatch(resources.leases, namespace, name, { metadata: { resourceVersion }, spec: this.#spec(spec) }));
    return true;
  }

  /** A change of the object, not the time written in it, is the sign of life. */
  #observe({ metadata: { resourceVersion } }: KubeObject): void {
    if (this.#observed?.resourceVersion === resourceVersion) return;
    this.#observed = { resourceVersion, at: this.#options.clock.now() };
  }

  #isFree({ holderIdentity, leaseDurationSeconds }: LeaseSpec): boolean {
    if (holderIdentity === undefined || holderIdentity === null || holderIdentity === "") return true;
    const duration = (leaseDurationSeconds ?? 0) * 1000 || this.#times.duration;
    return this.#options.clock.now() - (this.#observed?.at ?? this.#options.clock.now()) >= duration;
  }

  #spec(old: LeaseSpec): object {
    const now = microTime(this.#options.clock.date());
    const { identity } = this.#options;
    const ours = old.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#times.duration / 1000),
      renewTime: now,
      acquireTime: ours ? (old.acquireTime ?? now) : now,
      leaseTransitions: (old.leaseTransitions ?? 0) + (ours || old.leaseTransitions === undefined ? 0 : 1),
    };
  }

  #manifest(): object {
    const { name, namespace } = this.#options;
    return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace }, spec: this.#spec({}) };
  }

  async #free(): Promise<void> {
    const { client, namespace, name, identity } = this.#options;
    const current = await client.get(resources.leases, namespace, name);
    if (current === undefined || LeaseSpec.catch({}).parse(current["spec"]).holderIdentity !== identity) return;
    const { resourceVersion } = current.metadata;
    const spec = { holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime(this.#options.clock.date()) };
    await client.mergePatch(resources.leases, namespace, name, { metadata: { resourceVersion }, spec });
  }

  #setLeader(isLeader: boolean): void {
    this.#isLeader = isLeader;
    this.#options.metrics.leader.set({ name: this.#options.name }, isLeader ? 1 : 0);
  }
}

/** Kubernetes' MicroTime demands exactly six decimal places. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
