import { join } from "node:path";
import { RunEvent } from "@codybatch/crds";
import { Lines } from "../../out/index.ts";
import type { Redaction } from "./redact.ts";

type Unstamped<Event> = Event extends unknown ? Omit<Event, "at" | "turn"> : never;
/** An event without what the transcript itself adds. */
export type Happening = Unstamped<RunEvent>;

/** Writes events to `transcript.jsonl`, each before its promise settles. */
export class Transcript {
  readonly #lines: Lines;
  readonly #redaction: Redaction;
  readonly #now: () => number;
  #turn = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(outDir: string, redaction: Redaction, now: () => number) {
    this.#lines = new Lines(join(outDir, "transcript.jsonl"));
    this.#redaction = redaction;
    this.#now = now;
  }

  /** Number that the following events carry. */
  beginTurn(turn: number): void {
    this.#turn = turn;
  }

  /** Settles when what was added is on the disk. */
  async sync(): Promise<void> {
    await this.#lines.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lines[Symbol.asyncDispose]();
  }

  async add(happening: Happening): Promise<void> {
    const event = RunEvent.parse(this.#redaction.value({ ...happening, at: new Date(this.#now()).toISOString(), turn: this.#turn }));
    const before = this.#last.catch(() => undefined);
    this.#last = before.then(() => this.#lines.add(JSON.stringify(event)));
    await this.#last;
  }
}
