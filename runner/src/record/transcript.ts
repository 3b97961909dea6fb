import { gunzipSync } from "node:zlib";
import type { RunRecord } from "@codybatch/crds";
import { recordKey, recordName } from "@codybatch/crds";
import type { Log } from "../log.ts";
import type { Redactor } from "../redact/index.ts";
import { isPermanent, untilStored } from "./backoff.ts";
import { countLines, cutChunk, endOfLine, wholeChunk } from "./chunk.ts";
import type { Chunk } from "./chunk.ts";
import type { StoredConfigMap } from "./config-map.ts";
import { mostChunkText, mostLiveBytes, mostObjectBytes } from "./limit.ts";
import type { Output } from "./output.ts";
import type { Shelf } from "./shelf.ts";
import type { Memory, StoredChunk } from "./state.ts";

export interface TranscriptParts {
  readonly output: Output;
  readonly redact: Redactor;
  readonly memory: Memory;
  readonly keeper: ChunkKeeper;
}

/** Where whole chunks go: ConfigMaps, or the claim. */
export interface ChunkKeeper {
  /** Most gzipped bytes of one chunk. */
  readonly mostBytes: number;
  /** Name under which a chunk is found. */
  ref(chunk: number): string;
  /** Keeps a chunk. Gives the gzipped bytes found under its name when those were kept before. */
  keep(chunk: StoredChunk, gz: Buffer): Promise<Buffer | undefined>;
}

/** Stores the agent's transcript in whole chunks; what is stored is always a prefix of what was written. */
export class TranscriptShipper {
  readonly #parts: TranscriptParts;

  constructor(parts: TranscriptParts) {
    this.#parts = parts;
  }

  /** What stands behind the last stored chunk, gzipped for `-live`. Stores a chunk first when that has become too long. */
  async tail(room: number): Promise<Chunk | undefined> {
    await this.#settle();
    for (;;) {
      const text = await this.#unsent();
      if (this.#truncated || endOfLine(text, text.length) === 0) return undefined;
      const tail = text.length < mostChunkText ? wholeChunk(text, mostLiveBytes, this.#parts.redact) : undefined;
      if (tail !== undefined) return tail;
      await this.#ship(text, room);
    }
  }

  /** Stores all that is left, as far as there is room. */
  async rest(room: number): Promise<void> {
    await this.#settle();
    while (!this.#truncated) {
      const text = await this.#unsent();
      if (endOfLine(text, text.length) === 0 && text.length < mostChunkText) return;
      await this.#ship(text, room);
    }
  }

  /** Gzipped bytes stored so far. */
  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  }

  record(): RunRecord["transcript"] {
    const events = this.#chunks.reduce((sum, chunk) => sum + chunk.events, 0);
    return { refs: [...new Set(this.#chunks.map(({ name }) => name))], events, bytes: this.bytes, truncated: this.#truncated };
  }

  get #chunks(): readonly StoredChunk[] {
    return this.#parts.memory.state.chunks;
  }

  get #truncated(): boolean {
    return this.#parts.memory.state.truncated;
  }

  async #unsent(): Promise<Buffer> {
    return await this.#parts.output.transcript(this.#chunks.at(-1)?.to ?? 0, mostChunkText);
  }

  async #ship(text: Buffer, room: number): Promise<void> {
    const { keeper, memory, redact } = this.#parts;
    const cut = cutChunk(text, Math.min(keeper.mostBytes, room - this.bytes), redact);
    if (cut === undefined) return await memory.remember({ truncated: true });
    const from = this.#chunks.at(-1)?.to ?? 0;
    const name = keeper.ref(this.#chunks.length);
    const chunk = { name, from, to: from + cut.length, events: cut.events, bytes: cut.gz.length, stored: false };
    // Remembered first: after a crash the very same bytes are sent again.
    await memory.remember({ chunks: [...this.#chunks, chunk] });
    await this.#keep(chunk, cut.gz);
  }

  /** Ends what a crash interrupted. */
  async #settle(): Promise<void> {
    const last = this.#chunks.at(-1);
    if (last === undefined || last.stored) return;
    const { output, redact } = this.#parts;
    const text = await output.transcript(last.from, last.to - last.from);
    const cut = cutChunk(text, Number.POSITIVE_INFINITY, redact);
    if (cut !== undefined) await this.#keep(last, cut.gz);
  }

  async #keep(chunk: StoredChunk, gz: Buffer): Promise<void> {
    const { keeper, memory } = this.#parts;
    const before = this.#chunks.slice(0, -1);
    try {
      const found = await keeper.keep(chunk, gz);
      const kept = found === undefined || found.equals(gz) ? chunk : await this.#adopted(chunk, found);
      await memory.remember({ chunks: [...before, { ...kept, stored: true }] });
    } catch (error) {
      if (!isPermanent(error)) throw error;
      await memory.remember({ chunks: before, truncated: true });
    }
  }

  /** An earlier life of this recorder stored more or fewer lines under this name, and lost its memory. */
  async #adopted(chunk: StoredChunk, gz: Buffer): Promise<StoredChunk> {
    const events = countLines(gunzipSync(gz, { maxOutputLength: 4 * mostChunkText }));
    const text = await this.#parts.output.transcript(chunk.from, mostChunkText);
    return { ...chunk, to: chunk.from + lengthOfLines(text, events), events, bytes: gz.length };
  }
}

function lengthOfLines(text: Buffer, lines: number): number {
  let end = 0;
  for (let line = 0; line < lines; line += 1) end = text.indexOf(10, end) + 1 || text.length;
  return end;
}

/** One immutable ConfigMap for each chunk. */
export function shelfKeeper(shelf: Shelf, pod: string, retry: { readonly firstSeconds: number; readonly log: Log }): ChunkKeeper {
  return {
    mostBytes: mostObjectBytes,
    ref: (chunk) => recordName.transcript(pod, chunk),
    keep: async ({ name }, gz) => {
      const item = { part: "transcript", name, binary: { [recordKey.transcriptGz]: gz } } as const;
      return stored(await untilStored(async () => await shelf.createOnce(item), retry));
    },
  };
}

function stored(found: StoredConfigMap | undefined): Buffer | undefined {
  const text = found?.binaryData[recordKey.transcriptGz];
  return text === undefined ? undefined : Buffer.from(text, "base64");
}
