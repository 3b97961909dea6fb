import { join } from "node:path";
import { patchDigest, type RunPatch, RunProgress, type StoredResult } from "@codybatch/crds";
import type { z } from "zod";
import type { Log } from "../log.ts";
import { ForeignFileError, foreignSize, parseJSON, readForeign, readForeignAt } from "../out/index.ts";
import type { Redactor } from "../redact/index.ts";
import { mostPatchBytes, mostProgressBytes } from "./limit.ts";
import type { Purpose } from "./purpose.ts";

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
    return await this.#json("progress.json", RunProgress, mostProgressBytes);
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
    if (bytes === undefined) return undefined;
    const { data, error } = schema.safeParse(parseJSON(this.#redact(bytes.toString("utf8"))));
    if (error !== undefined) this.#log.error({ file: name, path: error.issues[0]?.path }, "file of the agent is not of its form");
    return data;
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
