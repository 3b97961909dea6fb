import type { StreamMessage } from "@codybatch/dashboard-contract";
import type { Client, Clock, Log } from "@codybatch/operator";
import { runningOf } from "../payload/attempt.ts";
import { ownerOf } from "../payload/patch.ts";
import type { Shelf } from "../payload/shelf.ts";
import { readSubject } from "../payload/subject.ts";

type Growth = Omit<Extract<StreamMessage, { kind: "transcript" }>, "topic">;
type Told = (growth: Growth) => void;

interface Watched {
  readonly listeners: Set<Told>;
  readonly cancel: () => void;
  last: string;
}

export interface LiveOptions {
  readonly client: Client;
  readonly shelf: Shelf;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/** Looks at running transcripts that somebody watches: once for all who do, and not at all for nobody. */
export class LiveTranscripts {
  readonly #options: LiveOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Gives a function that ends the telling. */
  watch(place: { readonly namespace: string; readonly batch: string; readonly changeset: string }, told: Told): () => void {
    const key = `${place.namespace}/${place.changeset}`;
    const known = this.#watched.get(key);
    const watched = known ?? { listeners: new Set<Told>(), cancel: this.#repeat(key, place), last: "" };
    this.#watched.set(key, watched);
    watched.listeners.add(told);
    return () => {
      watched.listeners.delete(told);
      if (watched.listeners.size > 0) return;
      watched.cancel();
      this.#watched.delete(key);
    };
  }

  #repeat(key: string, place: { readonly namespace: string; readonly batch: string; readonly changeset: string }): () => void {
    const { clock, interval, log } = this.#options;
    let cancel = (): void => undefined;
    let isOver = false;
    const look = async (): Promise<void> => {
      try {
        await this.#look(key, place);
      } catch (error) {
        log.debug({ err: error }, "cannot look at a running transcript; trying again");
      }
      if (!isOver) cancel = clock.after(interval, () => void look());
    };
    cancel = clock.after(0, () => void look());
    return () => {
      isOver = true;
      cancel();
    };
  }

  async #look(
    key: string,
    { namespace, batch, changeset }: { readonly namespace: string; readonly batch: string; readonly changeset: string },
  ): Promise<void> {
    const subject = await readSubject(this.#options.client, namespace, batch, changeset);
    const running = runningOf(subject);
    const live = running === undefined ? undefined : await this.#options.shelf.live(ownerOf(subject), running.pod, running.podUID);
    const watched = this.#watched.get(key);
    if (live === undefined || watched === undefined) return;
    const { progress, record } = live;
    const seen = `${running?.id} ${record.transcript.events} ${progress?.updatedAt}`;
    if (seen === watched.last) return;
    watched.last = seen;
    const doing = progress === undefined ? {} : { turn: progress.turn, activity: progress.activity };
    for (const told of watched.listeners) told({ kind: "transcript", events: record.transcript.events, ...doing });
  }
}
