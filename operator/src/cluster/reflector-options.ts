import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { Resource } from "./resource.ts";
import type { Change, Index, Stored } from "./store.ts";

/** Waiting times in milliseconds. */
export interface ReflectorTimes {
  /** A watch without any line, bookmarks too, for so long is broken off. API server 1.36 sends one each 60 s, the first after up to 120 s (measured). */
  readonly silence: number;
  /** A whole list at least this often, should the watch ever miss something. */
  readonly relist: number;
  readonly backoffBase: number;
  readonly backoffMost: number;
}

export const reflectorTimes: ReflectorTimes = { silence: 150_000, relist: 600_000, backoffBase: 800, backoffMost: 30_000 };

export interface ReflectorOptions<T extends Stored> {
  readonly client: Client;
  readonly resource: Resource;
  /** All namespaces without it. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly metadataOnly?: boolean;
  /** Makes the small object that is kept; undefined leaves it out. May throw: then what is in the cache stays. */
  readonly slim: (raw: unknown) => T | undefined;
  readonly indexes?: Readonly<Record<string, Index<T>>>;
  /** Told of every change, in order, after the cache has it. Should only enqueue keys; what it throws is logged and counted. */
  readonly onChange: (change: Change<T>) => void;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly times?: ReflectorTimes;
}
