import type { StreamMessage } from "@codybatch/dashboard-contract";

export type Liveness = "idle" | "connecting" | "live" | "reconnecting" | "paused" | "polling";

/** The part of EventSource that is used. */
export interface Source {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  listen(kind: string, hear: (text: string, id: string) => void): void;
  close(): void;
}

/** What a connection needs of the world around it. */
export interface Surroundings {
  readonly open: (url: string) => Source;
  readonly urlOf: (topics: readonly string[], since: string | undefined) => string;
  /** Calls back after so many milliseconds; what it returns calls that off. */
  readonly later: (milliseconds: number, action: () => void) => () => void;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly hear: (message: StreamMessage) => void;
  /** Asks anew for everything on screen, where no stream comes through. */
  readonly poll: () => void;
  readonly show: (liveness: Liveness) => void;
}

const kinds = ["snapshot", "batch", "repository", "gone", "transcript", "health", "refused", "end"] as const;
const settle = 50;
const pollEvery = 10_000;
const longest = 30_000;
const failuresUntilPolling = 3;

/** Milliseconds until the next try: doubled with each failure, half of it by chance, so that many tabs do not come at once. */
export function backOff(failures: number, random: number): number {
  const full = Math.min(longest, 1000 * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random);
}

/** The one stream of a tab, for all topics that are on screen. Closed while the tab is hidden. */
export class Connection {
  readonly #around: Surroundings;
  readonly #topics = new Map<string, number>();
  #source: Source | undefined;
  #since: string | undefined;
  #failures = 0;
  #isHidden = false;
  #callOff: () => void = () => undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Follows a topic until what it returns is called. */
  follow(topic: string): () => void {
    const users = this.#topics.get(topic) ?? 0;
    this.#topics.set(topic, users + 1);
    if (users === 0) this.#reopenIn(settle);
    return () => this.#leave(topic);
  }

  hide(isHidden: boolean): void {
    this.#isHidden = isHidden;
    this.#failures = 0;
    this.#reopenIn(settle);
  }

  #leave(topic: string): void {
    const users = (this.#topics.get(topic) ?? 1) - 1;
    if (users > 0) {
      this.#topics.set(topic, users);
      return;
    }
    this.#topics.delete(topic);
    this.#reopenIn(settle);
  }

  #reopenIn(milliseconds: number): void {
    this.#callOff();
    this.#callOff = this.#around.later(milliseconds, () => this.#reopen());
  }

  #reopen(): void {
    this.#source?.close();
    this.#source = undefined;
    if (this.#isHidden) return this.#around.show("paused");
    if (this.#topics.size === 0) return this.#around.show("idle");
    this.#around.show(this.#failures === 0 ? "connecting" : this.#failures >= failuresUntilPolling ? "polling" : "reconnecting");
    this.#open();
  }

  #open(): void {
    const source = this.#around.open(this.#around.urlOf([...this.#topics.keys()], this.#since));
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#around.show("live");
    };
    source.onerror = () => this.#fail(source);
    for (const kind of kinds) source.listen(kind, (text, id) => this.#hear(source, text, id));
  }

  #hear(source: Source, text: string, id: string): void {
    if (source !== this.#source) return;
    const message: StreamMessage = JSON.parse(text);
    if (id !== "") this.#since = id;
    if (message.kind === "refused") this.#topics.delete(message.topic);
    this.#around.hear(message);
    if (message.kind === "end") this.#end(message.reason);
  }

  #end(reason: "Shutdown" | "SessionExpired" | "TooSlow"): void {
    this.#source?.close();
    this.#source = undefined;
    if (reason === "SessionExpired") return this.#around.show("paused");
    this.#around.show("reconnecting");
    this.#reopenIn(backOff(1, this.#around.random()));
  }

  /** The browser's own reconnecting gives up on some answers and never backs off: this is done here. */
  #fail(source: Source): void {
    if (source !== this.#source) return;
    source.close();
    this.#source = undefined;
    this.#failures += 1;
    if (this.#failures < failuresUntilPolling) {
      this.#around.show("reconnecting");
      this.#reopenIn(backOff(this.#failures, this.#around.random()));
      return;
    }
    this.#around.show("polling");
    this.#around.poll();
    this.#reopenIn(Math.max(pollEvery, backOff(this.#failures, this.#around.random())));
  }
}
