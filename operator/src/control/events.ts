import { apiVersion, shortHash } from "@codybatch/crds";
import type { Client } from "../cluster/client.ts";
import type { Clock } from "../cluster/clock.ts";
import { ApiError } from "../cluster/errors.ts";
import { resources } from "../cluster/resource.ts";
import { truncate } from "../reconcile/conditions.ts";
import type { Notice } from "../reconcile/wish.ts";

/** Longest note that events.k8s.io takes, in bytes; characters beyond ASCII count up to four. */
const longestNote = 1000;
/** Repetitions within so many milliseconds raise a counter instead of adding an Event. */
const sameSeries = 600_000;

interface Series {
  readonly name: string;
  readonly count: number;
  readonly at: number;
}

/** Writes Kubernetes Events. Equal ones within ten minutes are one Event with a count. */
export class EventRecorder {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #instance: string;
  readonly #series = new Map<string, Series>();

  constructor(client: Client, clock: Clock, instance: string) {
    this.#client = client;
    this.#clock = clock;
    this.#instance = instance;
  }

  async emit(namespace: string, notice: Notice): Promise<void> {
    const key = JSON.stringify([namespace, notice.uid, notice.reason, notice.message]);
    this.#forgetOld();
    const known = this.#series.get(key);
    const next = { name: known?.name ?? this.#nameOf(notice, key), count: (known?.count ?? 0) + 1, at: this.#clock.now() };
    this.#series.set(key, next);
    if (known === undefined) await this.#create(namespace, next.name, notice);
    else await this.#repeat(namespace, next);
  }

  /** The time in it keeps Events of different times apart, as client-go's names do. */
  #nameOf({ name }: Notice, key: string): string {
    return `${name}.${shortHash(key)}${this.#clock.date().getTime().toString(16)}`;
  }

  async #create(namespace: string, name: string, { type, reason, message, about, ...regarding }: Notice): Promise<void> {
    await this.#client.create(resources.events, namespace, {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name, namespace },
      eventTime: microTime(this.#clock.date()),
      type,
      reason,
      action: "Reconcile",
      note: truncate(message.replaceAll(/[^\u0020-\u007E]/g, "?"), longestNote).replace("…", "~"),
      regarding: { apiVersion, kind: about, namespace, name: regarding.name, uid: regarding.uid },
      reportingController: "codybatch.dev/operator",
      reportingInstance: this.#instance,
    });
  }

  async #repeat(namespace: string, { name, count }: Series): Promise<void> {
    const series = { count, lastObservedTime: microTime(this.#clock.date()) };
    try {
      await this.#client.mergePatch(resources.events, namespace, name, { series });
    } catch (error) {
      // The server drops Events after an hour; a count for one that is gone is worth nothing.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  #forgetOld(): void {
    for (const [key, { at }] of this.#series) if (this.#clock.now() - at > sameSeries) this.#series.delete(key);
  }
}

function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
