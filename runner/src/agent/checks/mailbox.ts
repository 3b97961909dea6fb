import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode, ForeignFileError, readForeign, writeAtomic } from "../../out/index.ts";
import { type Answer, type Boot, readAnswer, readBoot } from "./answer.ts";
import { type ChangeArchive, escaped } from "./change-archive.ts";

export interface MailboxParts {
  /** Shared with the toolbox; whatever lies there may be anything. */
  readonly directory: string;
  /** Between two looks. */
  readonly pollMs: number;
  /** Longest wait for a toolbox that has not started, or that started anew. */
  readonly bootMs: number;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Request {
  readonly check: string;
  /** `fresh`: nothing is kept of what earlier runs left, and the setup runs again. */
  readonly tree: "fresh" | "kept";
  /** Undefined: the untouched base. */
  readonly change: ChangeArchive | undefined;
  /** The check's own time and that of a setup. */
  readonly mostMs: number;
  /** Whether files may come back. */
  readonly adopts: boolean;
}

export type Reply =
  | { readonly kind: "answer"; readonly answer: Answer; readonly output: Buffer; readonly archive: Buffer | undefined }
  /** No answer can be had; `why` is for a person. */
  | { readonly kind: "unavailable"; readonly why: string };

const answerBytes = 4096;
const outputBytes = 1024 * 1024;
const archiveBytes = 32 * 1024 * 1024;

/** The agent's side of the folder that it shares with the toolbox. One request at a time. */
export class Mailbox {
  readonly #parts: MailboxParts;
  /** What the last change made go away, in this boot's tree. */
  #gone: readonly string[] = [];
  #boot: string | undefined;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /** Asks for one run. A toolbox that began anew meanwhile is asked once more; never hangs. */
  async ask(request: Request): Promise<Reply> {
    try {
      const first = await this.#tryOnce(request);
      const reply = first === "restarted" ? await this.#tryOnce(request) : first;
      return reply === "restarted"
        ? unavailable("It started anew twice while it ran the same check: perhaps it has too little memory.")
        : reply;
    } catch (error) {
      if (error instanceof ForeignFileError) return unavailable("It left something else than a file of allowed size as its answer.");
      // Such as a folder that came where the request is put, between two steps.
      const code = errorCode(error);
      if (code !== undefined && !code.startsWith("ERR_")) return unavailable(`The folder shared with it could not be used (${code}).`);
      throw error;
    }
  }

  async #tryOnce(request: Request): Promise<Reply | "restarted"> {
    const boot = await this.#awaitBoot();
    if (boot.kind === "unavailable") return boot;
    const id = randomUUID();
    await this.#send(request, id, boot.id);
    const answer = await this.#awaitAnswer(request, id, boot.id);
    if (answer === "restarted" || "kind" in answer) return answer;
    return await this.#collect(answer, request.adopts);
  }

  async #awaitBoot(): Promise<{ readonly kind: "ready"; readonly id: string } | Extract<Reply, { kind: "unavailable" }>> {
    const boot = await this.#poll(this.#parts.bootMs, async () => await this.#readBoot());
    if (boot === undefined) return unavailable("It did not start in time.");
    if (boot.kind === "lacks") return unavailable(`Its image lacks ${boot.programs}.`);
    return boot;
  }

  async #send({ check, tree, change }: Request, id: string, boot: string): Promise<void> {
    if (boot !== this.#boot) this.#gone = [];
    const lines = [`id ${id}`, `boot ${boot}`, `tree ${tree}`, `check ${check}`];
    const paths = [...this.#gone.map((path) => `clear ${escaped(path)}`), ...(change?.gone ?? []).map((path) => `delete ${escaped(path)}`)];
    await this.#clear();
    if (change !== undefined) await writeAtomic(this.#path("request.tar"), change.archive);
    await writeAtomic(this.#path("request"), `${[...lines, ...paths].join("\n")}\n`);
    this.#boot = boot;
    this.#gone = change?.gone ?? [];
  }

  async #awaitAnswer({ mostMs }: Request, id: string, boot: string): Promise<Answer | Reply | "restarted"> {
    const answer = await this.#poll(mostMs, async () => {
      const bytes = await readForeign(this.#path("result"), answerBytes);
      const found = bytes === undefined ? undefined : readAnswer(bytes);
      if (found?.id === id && found.boot === boot) return found;
      const now = await this.#readBoot();
      return now?.kind === "ready" && now.id !== boot ? ("restarted" as const) : undefined;
    });
    return answer ?? unavailable("It gave no answer within the time of the check.");
  }

  async #collect(answer: Answer, adopts: boolean): Promise<Reply> {
    const output = (await readForeign(this.#path("result.output"), outputBytes)) ?? Buffer.alloc(0);
    const archive = adopts ? await readForeign(this.#path("result.tar"), archiveBytes) : undefined;
    await this.#clear();
    return { kind: "answer", answer, output, archive };
  }

  async #readBoot(): Promise<Boot | undefined> {
    const bytes = await readForeign(this.#path("boot"), answerBytes);
    return bytes === undefined ? undefined : readBoot(bytes);
  }

  async #clear(): Promise<void> {
    for (const name of ["request", "request.tar", "result", "result.output", "result.tar"])
      await rm(this.#path(name), { recursive: true, force: true });
  }

  /** Looks until there is something; undefined when the time is over or the run ends. */
  async #poll<T>(mostMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const { signal, now, pollMs } = this.#parts;
    for (const until = now() + mostMs; ;) {
      const found = await look();
      if (found !== undefined) return found;
      if (signal.aborted || now() >= until) return undefined;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #path(name: string): string {
    return join(this.#parts.directory, name);
  }
}

function unavailable(why: string): Extract<Reply, { kind: "unavailable" }> {
  return { kind: "unavailable", why };
}
