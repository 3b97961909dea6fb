import { join } from "node:path";
import type { ClosePullRequest, PublishEvent, PublishInput, PublishOutcome } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { appendDurably } from "../out/index.ts";
import type { Redactor } from "../redact/index.ts";

/** `transcript.jsonl` of a publish Job: each step that is done, for who looks while it goes on and after. */
export class Journal {
  readonly #outDir: string;
  readonly #log: Log;
  readonly #redact: Redactor;
  readonly #now: () => number;

  constructor(outDir: string, log: Log, redact: Redactor, now: () => number) {
    this.#outDir = outDir;
    this.#log = log;
    this.#redact = redact;
    this.#now = now;
  }

  async begin(input: PublishInput | ClosePullRequest): Promise<void> {
    const first = { version: 1, at: this.#at(), changeset: input.changeset.name } as const;
    if ("close" in input) await this.#add({ kind: "closing", ...first, pullRequest: input.close.number });
    else await this.#add({ kind: "publishing", ...first, digest: input.patch.digest });
  }

  async step(step: string, message: string): Promise<void> {
    this.#log.info({ step }, "step done");
    await this.#add({ kind: "step", at: this.#at(), step, message });
  }

  async end(outcome: PublishOutcome): Promise<void> {
    await this.#add({ kind: "ended", at: this.#at(), outcome });
  }

  #at(): string {
    return new Date(this.#now()).toISOString();
  }

  async #add(event: PublishEvent): Promise<void> {
    await appendDurably(join(this.#outDir, "transcript.jsonl"), this.#redact(JSON.stringify(event)));
  }
}
