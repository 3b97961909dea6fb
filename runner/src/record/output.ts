import { join } from "node:path";
import type { RunPatch } from "@codybatch/crds";
import { patchDigest, PublishResult, RunProgress, RunResult } from "@codybatch/crds";
import { z } from "zod";
import type { Log } from "../log.ts";
import { ForeignFileError, foreignSize, parseJSON, readForeign, readForeignAt } from "../out/index.ts";
import type { Redactor } from "../redact/index.ts";
import { mostPatchBytes, mostReportBytes } from "./limit.ts";

/** What a pod came to, whatever its task was. */
const Result = z.union([RunResult, PublishResult]);
export type Result = z.infer<typeof Result>;

/** What the agent wrote so far. Whatever is not of its form counts as absent, and is logged. */
export class Output {
  readonly #directory: string;
  readonly #redact: Redactor;
  readonly #log: Log;

  constructor(directory: string, redact: Redactor, log: Log) {
    this.#directory = directory;
    this.#redact = redact;
    this.#log = log;
  }

  async result(): Promise<Result | undefined> {
    return await this.#json("result.json", Result);
  }

  async progress(): Promise<RunProgress | undefined> {
    return await this.#json("progress.json", RunProgress);
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

  async #json<T extends z.ZodType>(name: string, schema: T): Promise<z.output<T> | undefined> {
    const bytes = await this.#careful(name, async (path) => await readForeign(path, mostReportBytes));
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
