import type { Clock } from "../cluster/clock.ts";
import { admit, type Admission, type InFlight, type Request } from "../reconcile/admit.ts";
import type { Action } from "../reconcile/wish.ts";
import type { Caches } from "./caches.ts";
import { keyOf } from "./key.ts";

/** How long, in milliseconds, a Job counts that was created and has not shown in the cache. */
const unseenFor = 60_000;

/** The slots of the whole cluster: what every batch last asked for, against the Jobs that the cache and this process know. */
export class Slots {
  readonly #caches: Caches;
  readonly #clock: Clock;
  readonly #runningJobs: number;
  readonly #requests = new Map<string, Request>();
  readonly #unseen = new Map<string, InFlight & { readonly until: number }>();

  constructor(caches: Caches, clock: Clock, runningJobs: number) {
    this.#caches = caches;
    this.#clock = clock;
    this.#runningJobs = runningJobs;
  }

  /** What this batch may do now, and which other batches would now get a slot. Granted Jobs hold theirs from this moment on. */
  admit(request: Request): { readonly actions: readonly Action[]; readonly others: readonly string[] } {
    this.#requests.set(request.batch, request);
    const admission = this.#admission();
    const actions = admission.actions.get(request.batch) ?? [];
    for (const action of actions) if (action.kind === "CreateJob") this.#hold(request, action.name);
    this.#requests.delete(request.batch);
    if (admission.refused.has(request.batch)) this.#requests.set(request.batch, request);
    return { actions, others: this.#granted(admission) };
  }

  /** The batch is gone; its slots come back as its Jobs go. Gives the batches that would now get one. */
  forget(batch: string): readonly string[] {
    this.#requests.delete(batch);
    return this.#granted(this.#admission());
  }

  /** A granted Job that was not created after all. */
  release(namespace: string, job: string): void {
    this.#unseen.delete(keyOf(namespace, job));
  }

  #hold({ namespace, batch }: Request, job: string): void {
    this.#unseen.set(keyOf(namespace, job), { namespace, batch, job, until: this.#clock.now() + unseenFor });
  }

  #admission(): Admission {
    return admit([...this.#requests.values()], this.#inFlight(), this.#runningJobs);
  }

  #granted({ actions }: Admission): readonly string[] {
    return [...this.#requests.keys()].filter((batch) => actions.get(batch)?.some(({ kind }) => kind === "CreateJob"));
  }

  #inFlight(): readonly InFlight[] {
    for (const [key, { namespace, job, until }] of this.#unseen) {
      if (until < this.#clock.now() || this.#caches.jobs.get(namespace, job) !== undefined) this.#unseen.delete(key);
    }
    const seen = this.#caches.jobs.by("slot", "held").map(({ namespace, batchChange, name }) => ({
      namespace,
      batch: keyOf(namespace, batchChange),
      job: name,
    }));
    return [...seen, ...this.#unseen.values()];
  }
}
