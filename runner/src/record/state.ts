import { join } from "node:path";
import { z } from "zod";
import { parseJSON, readForeign, writeAtomic } from "../out/index.ts";

const StoredChunk = z.object({
  name: z.string(),
  from: z.int(),
  to: z.int(),
  events: z.int(),
  bytes: z.int(),
  /** False while it is being written: the same bytes are sent again after a restart. */
  stored: z.boolean(),
});
export type StoredChunk = z.infer<typeof StoredChunk>;

const State = z.object({
  version: z.literal(1),
  podUID: z.string(),
  /** True once the agent had connected. */
  seen: z.boolean(),
  chunks: z.array(StoredChunk),
  /** True when the rest of the transcript has no room. */
  truncated: z.boolean(),
  /** True once `-result` is written. */
  done: z.boolean(),
});
export type State = z.infer<typeof State>;

const mostStateBytes = 1024 * 1024;

/** What the recorder must still know after a restart of its container; a file in its own folder. */
export class Memory {
  readonly #path: string;
  #state: State;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, state: State) {
    this.#path = path;
    this.#state = state;
  }

  static async open(directory: string, podUID: string): Promise<Memory> {
    const path = join(directory, "recorder.json");
    const text = (await readForeign(path, mostStateBytes))?.toString("utf8");
    const { data } = State.safeParse(parseJSON(text ?? ""));
    const empty: State = { version: 1, podUID, seen: false, chunks: [], truncated: false, done: false };
    return new Memory(path, data?.podUID === podUID ? data : empty);
  }

  get state(): State {
    return this.#state;
  }

  /** On the disk when it settles. */
  async remember(change: Partial<State>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    // One after the other, each with the newest state, so that an older one never lands last.
    this.#written = this.#written.then(async () => await writeAtomic(this.#path, JSON.stringify(this.#state)));
    await this.#written;
  }
}
