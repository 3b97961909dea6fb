import { type Check, durationSeconds } from "@codybatch/crds";
import type { Worktree } from "../../git/index.ts";
import { setupSeconds } from "../../toolbox/check-script.ts";
import { type ChangeArchive, changeArchive } from "./change-archive.ts";
import type { Mailbox, Reply } from "./mailbox.ts";
import { readable } from "./output.ts";

/** One finished run of a check. */
export interface CheckRun {
  readonly name: string;
  readonly passed: boolean;
  readonly ended: Extract<Reply, { kind: "answer" }>["answer"]["ended"];
  readonly exitCode: number;
  readonly seconds: number;
  /** Head and tail, without control characters. Text of the repository's code: hostile. */
  readonly output: string;
  /** Files that the toolbox hands back, unread; only for a check that adopts. */
  readonly archive: Buffer | undefined;
}

export type Ran = { readonly kind: "ran"; readonly run: CheckRun; readonly base: CheckRun } | Unavailable;
type Unavailable = { readonly kind: "unavailable"; readonly why: string };

interface ChecksParts {
  readonly checks: readonly Check[];
  readonly mailbox: Mailbox;
  readonly worktree: Worktree;
}

/** Beyond a check's own time: laying the files, ending processes, packing what comes back. */
const slackSeconds = 120;

/** Runs checks on recorded trees, and each once on the untouched base, before its first run on a change. */
export class Checks {
  readonly #parts: ChecksParts;
  readonly #base = new Map<string, CheckRun>();

  constructor(parts: ChecksParts) {
    this.#parts = parts;
  }

  get all(): readonly Check[] {
    return this.#parts.checks;
  }

  /** Names of checks that fail without the change, as far as they ran. */
  get failingOnBase(): readonly string[] {
    return [...this.#base.values()].filter(({ passed }) => !passed).map(({ name }) => name);
  }

  /** On a tree that makePatch wrote. `fresh`: on nothing but that tree and what the setup makes of it. */
  async run(check: Check, tree: string, laid: "fresh" | "kept"): Promise<Ran> {
    const base = await this.#onBase(check);
    if ("kind" in base) return base;
    const change = await changeArchive(this.#parts.worktree, tree);
    const run = await this.#once(check, change, laid);
    return "kind" in run ? run : { kind: "ran", run, base };
  }

  async #onBase(check: Check): Promise<CheckRun | Unavailable> {
    const known = this.#base.get(check.name);
    if (known !== undefined) return known;
    const run = await this.#once(check, undefined, "kept");
    if (!("kind" in run)) this.#base.set(check.name, run);
    return run;
  }

  async #once(check: Check, change: ChangeArchive | undefined, tree: "fresh" | "kept"): Promise<CheckRun | Unavailable> {
    const mostMs = (durationSeconds(check.timeout) + setupSeconds + slackSeconds) * 1000;
    const adopts = change !== undefined && (check.adopt ?? []).length > 0;
    const reply = await this.#parts.mailbox.ask({ check: check.name, tree, change, mostMs, adopts });
    return reply.kind === "unavailable" ? reply : runOf(check, reply);
  }
}

/** The change made it worse: it passed without the change and does not pass with it. */
export function isWorse({ run, base }: { readonly run: CheckRun; readonly base: CheckRun }): boolean {
  return base.passed && !run.passed;
}

function runOf({ name }: Check, { answer, output, archive }: Extract<Reply, { kind: "answer" }>): CheckRun | Unavailable {
  const { ended, code, seconds } = answer;
  if (answer.check !== name || ended === "unknown") return { kind: "unavailable", why: `It knows no check ${name}.` };
  const passed = ended === "exit" && code === 0;
  return { name, passed, ended, exitCode: code, seconds, output: readable(output), archive };
}
