import { join } from "node:path";
import { patchDigest, type RunPatch, RunProgress, type StoredResult } from "@codybatch/crds";
import type { z } from "zod";
import type { Log } from "../log.ts";
import { ForeignFileError, foreignSize, parseJSON, readForeign, readForeignAt, textOfPage } from "../out/index.ts";
import type { Redactor } from "../redact/index.ts";
import { mostPatchBytes, mostProgressBytes } from "./limit.ts";
import type { Purpose } from "./purpose.ts";

/** A write of a page takes microseconds; the writer may lose its processor in the middle of one. */
const mostReads = 5;

/** What the agent, or whoever works in this pod, wrote so far. Whatever is not of its form counts as absent, and is logged. */
export class Output {
  readonly #directory: string;
  readonly #redact: Redactor;
  readonly #log: Log;

  constructor(directory: string, redact: Redactor, log: Log) {
    this.#directory = directory;
    this.#redact = redact;
    this.#log = log;
  }

  async result({ form, mostBytes }: Purpose["result"]): Promise<StoredResult | undefined> {
    return await this.#json("result.json", form, mostBytes);
  }

  async progress(): Promise<RunProgress | undefined> {
    return await this.#careful("progress", async (path) => await this.#page(path));
  }

  /** The patch that `told` describes: the last one, or the one before when a newer was not told of yet. Undefined when it is neither. */
  async patch(told: RunPatch): Promise<Buffer | undefined> {
    return (await this.#patchIn("change.patch", told)) ?? (await this.#patchIn("earlier.patch", told));
  }

  async #patchIn(name: string, told: RunPatch): Promise<Buffer | undefined> {
    const bytes = await this.#careful(name, async (path) => await readForeign(path, mostPatchBytes));
    return bytes !== undefined && patchDigest(told.baseCommit, bytes) === told.digest ? bytes : undefined;
  }

  async transcriptBytes(): Promise<number> {
    return (await this.#careful("transcript.jsonl", foreignSize)) ?? 0;
  }

  async transcript(from: number, length: number): Promise<Buffer> {
    return (await this.#careful("transcript.jsonl", async (path) => await readForeignAt(path, from, length))) ?? Buffer.alloc(0);
  }

  async #json<T extends z.ZodType>(name: string, schema: T, mostBytes: number): Promise<z.output<T> | undefined> {
    const bytes = await this.#careful(name, async (path) => await readForeign(path, mostBytes));
    return bytes === undefined ? undefined : this.#parse(name, schema, bytes.toString("utf8"));
  }

  #parse<T extends z.ZodType>(name: string, schema: T, text: string): z.output<T> | undefined {
    const { data, error } = schema.safeParse(parseJSON(this.#redact(text)));
    if (error !== undefined) this.#log.error({ file: name, path: error.issues[0]?.path }, "file of the agent is not of its form");
    return data;
  }

  /** Undefined when there is none, or none whole after several reads. */
  async #page(path: string): Promise<RunProgress | undefined> {
    for (let reads = 0; reads < mostReads; reads += 1) {
      const bytes = await readForeign(path, mostProgressBytes);
      const text = bytes === undefined ? undefined : textOfPage(bytes);
      if (bytes === undefined || text !== undefined) return text === undefined ? undefined : this.#parse("progress", RunProgress, text);
    }
    this.#log.error({ file: "progress" }, "file of the agent is not whole");
    return undefined;
  }

  async #careful<T>(name: string, read: (path: string) => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await read(join(this.#directory, name));
    } catch (error) {
      if (!(error instanceof ForeignFileError)) throw error;
      this.#log.error({ file: name, rule: error.rule }, "file of the agent is refused");
      return undefined;
    }
  }
}
