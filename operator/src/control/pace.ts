import { taskJobName, type Changeset } from "@codybatch/crds";
import type { PublishRoom, PublishStart } from "../reconcile/pace/grants.ts";
import { isPast } from "../reconcile/pace/window.ts";
import { shareOf } from "../reconcile/publish/start.ts";
import type { PublishingSettings } from "../reconcile/settings.ts";
import type { PublishWish } from "../reconcile/wish.ts";
import type { Caches } from "./caches.ts";
import { keyOf } from "./key.ts";

/** How long, in milliseconds, a publish Job counts as running that was created and has not shown in the cache. */
const unseenFor = 60_000;

/** A Job's own time has whole seconds: by then at the latest it was made, in milliseconds. */
function madeBy(createdAt: string): number {
  return Date.parse(createdAt) + 999;
}

interface Known extends PublishStart {
  readonly runs: boolean;
}

/** What publish Jobs of the last hour leave of the pace: from status and Jobs, so that a restart forgets nothing, and what this process has granted. */
export class Pace {
  readonly #caches: Caches;
  readonly #settings: PublishingSettings;
  readonly #granted = new Map<string, PublishStart>();

  constructor(caches: Caches, settings: PublishingSettings) {
    [this.#caches, this.#settings] = [caches, settings];
  }

  /** All that there is room for at this moment, in milliseconds since 1970. */
  room(now: number): PublishRoom {
    const known = this.#known(now);
    const starts = [...known.values()].filter((start) => !isPast(start, now)).toSorted((left, right) => left.at - right.at);
    const runs = [...known.values()].filter((start) => start.runs).length;
    const { perMinute, contentPerHour, running } = this.#settings;
    return { now, perMinute, contentPerHour, running, starts, runs, held: this.#held(now) };
  }

  grant({ task, credential, content }: PublishWish, { namespace, batch }: Pick<PublishStart, "namespace" | "batch">, now: number): void {
    this.#granted.set(keyOf(namespace, task.name), { namespace, batch, credential, content, at: now });
  }

  /** It was not created after all. */
  release(namespace: string, job: string): void {
    this.#granted.delete(keyOf(namespace, job));
  }

  /** By Job. The moment of a grant is more exact than a Job's own time. */
  #known(now: number): ReadonlyMap<string, Known> {
    const known = new Map<string, Known>([...this.#stored(), ...this.#seen()]);
    for (const [job, start] of this.#granted) {
      if (isPast(start, now)) this.#granted.delete(job);
      else known.set(job, { ...start, runs: known.get(job)?.runs ?? start.at + unseenFor > now });
    }
    return known;
  }

  #stored(): readonly (readonly [string, Known])[] {
    return this.#caches.changesets.by("publishing", "any").flatMap((changeset) => {
      const { metadata, spec, status } = changeset;
      const own = this.#of(metadata.namespace, spec.batchChange);
      return (status?.publishing?.starts ?? []).map(({ number, at }) => {
        const job = keyOf(metadata.namespace, taskJobName(metadata.name, "publish", number));
        return [job, { ...own, at: madeBy(at), runs: false }] as const;
      });
    });
  }

  #seen(): readonly (readonly [string, Known])[] {
    return this.#caches.tasks.by("task", "publish").map((job) => {
      const { namespace, name, batchChange, createdAt, finishedAt, suspended } = job;
      const runs = finishedAt === undefined && !suspended;
      return [keyOf(namespace, name), { ...this.#of(namespace, batchChange), at: madeBy(createdAt), runs }] as const;
    });
  }

  /** The batch's own settings as they are now: what its Jobs cost when they started is nowhere. */
  #of(namespace: string, name: string): Omit<PublishStart, "at"> {
    const spec = this.#caches.batches.get(namespace, name)?.batch?.spec;
    return { namespace, batch: keyOf(namespace, name), ...shareOf(namespace, spec) };
  }

  #held(now: number): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const changeset of this.#caches.changesets.by("publishing", "any")) {
      const until = restUntil(changeset);
      if (until === undefined || until <= now) continue;
      const { credential } = this.#of(changeset.metadata.namespace, changeset.spec.batchChange);
      held.set(credential, Math.max(until, held.get(credential) ?? until));
    }
    return held;
  }
}

/** Until when the host of a Changeset's last publish Job wants no request. */
function restUntil({ status }: Changeset): number | undefined {
  const { outcome, until } = status?.publishing ?? {};
  return outcome === "RateLimited" && until !== undefined ? Date.parse(until) : undefined;
}
