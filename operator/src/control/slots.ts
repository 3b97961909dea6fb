import type { Clock } from "../cluster/clock.ts";
import type { PublishingSettings } from "../reconcile/settings.ts";
import { admit, type Admission, type InFlight, type Request } from "../reconcile/admit.ts";
import type { Action } from "../reconcile/wish.ts";
import type { Caches } from "./caches.ts";
import { keyOf } from "./key.ts";
import { Pace } from "./pace.ts";
import type { Rest } from "./rest.ts";

/** How long, in milliseconds, a Job counts that was created and has not shown in the cache. */
const unseenFor = 60_000;

/** A batch that is worth a pass, and in how many milliseconds. */
export interface Wake {
  readonly batch: string;
  readonly afterMs: number;
}

interface SlotsOptions {
  readonly caches: Caches;
  readonly clock: Clock;
  readonly runningJobs: number;
  readonly publishing: PublishingSettings;
  readonly rest: Rest;
}

/** What one batch was granted. */
interface Granted {
  readonly actions: readonly Action[];
  /** Its own next pass among them, where nothing but time keeps a publish Job. */
  readonly wakes: readonly Wake[];
}

/** The slots of the whole cluster: what every batch last asked for, against the Jobs that the cache and this process know. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #requests = new Map<string, Request>();
  readonly #unseen = new Map<string, InFlight & { readonly until: number }>();
  readonly #pace: Pace;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#pace = new Pace(options.caches, options.publishing);
  }

  /** What this batch may do now, and when which batches would then get a slot. Granted Jobs hold theirs from this moment on. */
  admit(request: Request): Granted {
    this.#requests.set(request.batch, request);
    const now = this.#options.clock.now();
    const date = this.#options.clock.date().getTime();
    const admission = this.#admission(now, date);
    const actions = admission.actions.get(request.batch) ?? [];
    for (const action of actions) if (action.kind === "CreateJob") this.#hold(request, action.name);
    for (const wish of request.wishes) if (wish.kind === "Publish" && actions.includes(wish.task)) this.#pace.grant(wish, request, date);
    this.#requests.delete(request.batch);
    if (admission.refused.has(request.batch)) this.#requests.set(request.batch, request);
    return { actions, wakes: this.#wakes(admission, now, date) };
  }

  /** The batch is gone; its slots come back as its Jobs go. Gives the batches that get one, and when. */
  forget(batch: string): readonly Wake[] {
    this.#requests.delete(batch);
    const now = this.#options.clock.now();
    const date = this.#options.clock.date().getTime();
    return this.#wakes(this.#admission(now, date), now, date);
  }

  /** A granted Job that was not created after all. */
  release(namespace: string, job: string): void {
    this.#unseen.delete(keyOf(namespace, job));
    this.#pace.release(namespace, job);
  }

  #hold({ namespace, batch }: Request, job: string): void {
    this.#unseen.set(keyOf(namespace, job), { namespace, batch, job, until: this.#options.clock.now() + unseenFor });
  }

  #admission(now: number, date: number): Admission {
    const { rest, runningJobs } = this.#options;
    const requests = [...this.#requests.values()];
    // A look at every Changeset that was ever published.
    const publishing = requests.some(wantsToPublish) ? this.#pace.room(date) : undefined;
    return admit(requests, this.#inFlight(now), { runningJobs, restUntil: rest.until, publishing }, now);
  }

  /** After a rest all that wait: what would have woken one of them may have happened during it. Also others have a new time when one of their credential starts or leaves. */
  #wakes({ granted, goesOn }: Admission, now: number, date: number): readonly Wake[] {
    const rest = this.#options.rest.until - now;
    return [...this.#requests.keys()].flatMap((batch): readonly Wake[] => {
      if (rest > 0) return [{ batch, afterMs: rest }];
      const next = goesOn.get(batch);
      return [
        ...(granted.has(batch) ? [{ batch, afterMs: 0 }] : []),
        ...(next === undefined ? [] : [{ batch, afterMs: Math.max(1, Math.ceil(next - date)) }]),
      ];
    });
  }

  #inFlight(now: number): readonly InFlight[] {
    const { jobs } = this.#options.caches;
    for (const [key, { namespace, job, until }] of this.#unseen) {
      if (until < now || jobs.get(namespace, job) !== undefined) this.#unseen.delete(key);
    }
    const seen = jobs.by("slot", "held").map(({ namespace, batchChange, name }) => ({
      namespace,
      batch: keyOf(namespace, batchChange),
      job: name,
    }));
    return [...seen, ...this.#unseen.values()];
  }
}

function wantsToPublish({ wishes }: Request): boolean {
  return wishes.some(({ kind }) => kind === "Publish");
}
