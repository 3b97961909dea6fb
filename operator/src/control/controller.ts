import type { Clock } from "../cluster/clock.ts";
import type { Expectations } from "../cluster/expectations.ts";
import type { WorkQueue } from "../cluster/work-queue.ts";
import { nextLook } from "../reconcile/next-look.ts";
import type { Observed, Obstacle } from "../reconcile/observed.ts";
import { viewOf, wishesOf, type View } from "../reconcile/plan.ts";
import type { Purse } from "../reconcile/quota/purse.ts";
import type { KeptBatch } from "../reconcile/slim-kinds.ts";
import { planUnreadable } from "../reconcile/unreadable.ts";
import type { Action } from "../reconcile/wish.ts";
import { Hand, type ApplyOptions } from "./apply.ts";
import { partsOf } from "./key.ts";
import { observe, type ObserveOptions } from "./observe.ts";
import type { Decided, Treasury } from "./quota/treasury.ts";
import type { Setbacks } from "./setbacks.ts";
import type { Slots, Wake } from "./slots.ts";
import { sideBySide, stepsOf } from "./steps.ts";

export interface ControllerOptions extends ObserveOptions {
  readonly apply: ApplyOptions;
  readonly slots: Slots;
  readonly treasury: Treasury;
  readonly setbacks: Setbacks;
  readonly queue: WorkQueue;
  readonly expectations: Expectations;
  readonly clock: Clock;
  /** Least milliseconds between two writes of one BatchChange's status. */
  readonly statusInterval: number;
  /** Writes of one pass that are under way at once. */
  readonly writesAtOnce: number;
  /** What keeps everything in the cluster from starting. */
  readonly obstacle: () => Obstacle | undefined;
}

/** Observes, plans, asks for slots and applies, one BatchChange at a time. What it remembers only saves time: a restart misses nothing. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #statusWrites = new Map<string, number>();

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /** One pass over one BatchChange. Throws what a later pass may do better. */
  async reconcile(key: string): Promise<void> {
    const { queue, caches, expectations } = this.#options;
    const wait = expectations.waitMs(key);
    if (wait > 0) return queue.addAfter(key, wait);
    const { namespace, name } = partsOf(key);
    const kept = caches.batches.get(namespace, name);
    if (kept === undefined) return this.#forget(key);
    const actions = kept.batch === undefined ? planUnreadable(kept, this.#options.clock.date()) : await this.#decide(key, kept);
    await this.#apply(key, actions);
  }

  async #decide(key: string, { batch, faults }: KeptBatch): Promise<readonly Action[]> {
    const { treasury, setbacks, queue, clock } = this.#options;
    if (batch === undefined) return [];
    const { obstacle: taken, refusedJobs, waitMs } = setbacks.current(key);
    const circumstances = { faults, obstacle: this.#options.obstacle() ?? taken, refusedJobs, now: clock.date() };
    const observed = await observe(this.#options, batch, circumstances);
    const actions = await treasury.decide(key, observed, (purse) => this.#admit(key, observed, purse));
    if (waitMs !== undefined) queue.addAfter(key, waitMs);
    return actions;
  }

  /** All at one instant, so that no other batch is given the same slot or the same money. */
  #admit(key: string, observed: Observed, purse: Purse | undefined): Decided {
    const { slots } = this.#options;
    const view = viewOf(purse === undefined ? observed : { ...observed, purse });
    const { namespace, creationTimestamp } = observed.batch.metadata;
    const { actions, wakes } = slots.admit({ batch: key, namespace, createdAt: creationTimestamp, wishes: wishesOf(view) });
    this.#wake(wakes);
    this.#lookAgain(key, view);
    const needs = [...view.decisions.values()].flatMap((decision) => ("needsNanoUSD" in decision ? (decision.needsNanoUSD ?? []) : []));
    const undo = (): void => {
      for (const action of actions) if (startsJob(action)) slots.release(namespace, action.name);
    };
    return { actions, needsNanoUSD: needs.toSorted((left, right) => left - right)[0], undo };
  }

  #wake(wakes: readonly Wake[]): void {
    for (const { batch, afterMs } of wakes) this.#options.queue.addAfter(batch, afterMs);
  }

  #lookAgain(key: string, view: View): void {
    const look = nextLook(view);
    if (look !== undefined) this.#options.queue.addAfter(key, look.getTime() - view.observed.now.getTime());
  }

  /** Step by step. What the API server refuses for good becomes part of the next pass's picture. */
  async #apply(key: string, actions: readonly Action[]): Promise<void> {
    const { writesAtOnce, slots } = this.#options;
    const { namespace } = partsOf(key);
    const hand = new Hand(this.#options.apply, key, namespace);
    const due = this.#withoutHaste(key, actions);
    const open = new Set(due);
    const carryOut = async (action: Action): Promise<void> => {
      await hand.apply(action);
      open.delete(action);
    };
    try {
      for (const step of stepsOf(due)) {
        const failures = await sideBySide(step, writesAtOnce, carryOut);
        if (failures.length > 0) return this.#fail(key, failures);
      }
    } finally {
      for (const action of open) if (startsJob(action)) slots.release(namespace, action.name);
      this.#lookWithoutEvent(key);
    }
  }

  /** Throws what is not a refusal that a status can tell. */
  #fail(key: string, failures: readonly unknown[]): void {
    const { setbacks, queue } = this.#options;
    const others = failures.filter((error) => !setbacks.remember(key, error));
    if (others.length > 0) throw others[0];
    queue.add(key);
  }

  /** Should no event follow a write, because the answer was wrong or the event is lost, there is a pass all the same. */
  #lookWithoutEvent(key: string): void {
    const { expectations, queue } = this.#options;
    const latest = expectations.latestMs(key);
    if (latest !== undefined) queue.addAfter(key, latest);
  }

  /** A batch's status is written at most once per interval, and not before its first Jobs: what is left out now is computed anew in the next pass. */
  #withoutHaste(key: string, actions: readonly Action[]): readonly Action[] {
    const { clock, statusInterval, queue } = this.#options;
    const index = actions.findIndex(({ kind }) => kind === "PatchBatchStatus");
    if (index === -1) return actions;
    if (actions.some(({ kind }) => kind === "CreateChangeset")) return actions.slice(0, index);
    const wait = (this.#statusWrites.get(key) ?? -Infinity) + statusInterval - clock.now();
    if (wait > 0) queue.addAfter(key, wait);
    else this.#statusWrites.set(key, clock.now());
    return wait > 0 ? actions.slice(0, index) : actions;
  }

  #forget(key: string): void {
    const { slots, treasury, setbacks, expectations, apply } = this.#options;
    this.#statusWrites.delete(key);
    apply.access.forget(key);
    setbacks.forget(key);
    expectations.forget(key);
    treasury.forget(key);
    this.#wake(slots.forget(key));
  }
}

function startsJob(action: Action): action is Extract<Action, { kind: "CreateJob" | "CreateTask" }> {
  return action.kind === "CreateJob" || action.kind === "CreateTask";
}
