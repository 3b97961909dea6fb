import type { Clock } from "../cluster/clock.ts";
import type { Obstacle, RefusedJob } from "../reconcile/observed.ts";
import { AccessForbidden } from "./access.ts";
import { JobRefused, NameTaken } from "./apply.ts";

export interface CurrentSetbacks {
  readonly obstacle: Obstacle | undefined;
  readonly refusedJobs: readonly RefusedJob[];
  /** Until the first of them may be tried again; undefined without any. */
  readonly waitMs: number | undefined;
}

/** What the API server has refused to a batch lately. It is asked again after a while; a restart asks at once. */
export class Setbacks {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #byKey = new Map<string, readonly (Setback & { readonly until: number })[]>();

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
  }

  /** False when the error is no refusal that a status can tell. */
  remember(key: string, error: unknown): boolean {
    const setback = setbackOf(error);
    if (setback === undefined) return false;
    const until = this.#clock.now() + this.#milliseconds;
    this.#byKey.set(key, [...this.#current(key), { ...setback, until }]);
    return true;
  }

  /** All at one instant, so that what is still in the way is also waited for. */
  current(key: string): CurrentSetbacks {
    const setbacks = this.#current(key);
    const waits = setbacks.map(({ until }) => until - this.#clock.now());
    return {
      obstacle: setbacks.find(({ obstacle }) => obstacle !== undefined)?.obstacle,
      refusedJobs: setbacks.flatMap(({ refusedJob }) => refusedJob ?? []),
      waitMs: waits.length === 0 ? undefined : Math.max(1, Math.min(...waits)),
    };
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  #current(key: string) {
    return (this.#byKey.get(key) ?? []).filter(({ until }) => until > this.#clock.now());
  }
}

interface Setback {
  readonly obstacle?: Obstacle;
  readonly refusedJob?: RefusedJob;
}

function setbackOf(error: unknown): Setback | undefined {
  if (error instanceof JobRefused) return { refusedJob: { changeset: error.changeset, message: error.message.slice(0, 500) } };
  if (error instanceof AccessForbidden) return { obstacle: { reason: "AccessForbidden", message: forbidden(error) } };
  if (!(error instanceof NameTaken)) return undefined;
  const { kind, object } = error;
  const message = `The ${kind} ${object} exists and belongs to somebody else. Delete it, or use another name for the BatchChange.`;
  return { obstacle: { reason: "NameTaken", message } };
}

function forbidden({ kind, namespace, message }: AccessForbidden): string {
  const words = message.slice(0, 300);
  return `The operator may not read or make the ${kind} codybatch-recorder in namespace ${namespace}, so nothing runs (${words}). An administrator installs or upgrades the chart with ${namespace} in watchNamespaces; where the release is installed with install=namespace, its part for the cluster (install=cluster) first. It is tried again by itself.`;
}
