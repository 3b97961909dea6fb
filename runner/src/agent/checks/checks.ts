import { type Check, type ChangeResult, durationSeconds } from "@codybatch/crds";
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

/** A run on the change, and the one on the base that it is held against. */
export interface Compared {
  readonly kind: "ran";
  readonly run: CheckRun;
  readonly base: CheckRun;
}
type Unavailable = Extract<Reply, { kind: "unavailable" }>;
export type Ran = Compared | Unavailable;

/** What the required checks say about a tree: those that the change made worse. */
export type Verdict = { readonly kind: "checked"; readonly worse: readonly Compared[] } | Unavailable;

interface ChecksParts {
  readonly checks: readonly Check[];
  readonly mailbox: Mailbox;
  readonly worktree: Worktree;
  /** Writes a finished run down. */
  readonly record: (run: CheckRun, on: "base" | "change") => Promise<void>;
}

/** Beyond a check's own time: laying the files, ending processes, packing what comes back. */
const slackSeconds = 120;

/** Runs checks on recorded trees, and each once on the untouched base, before its first run on a change. */
export class Checks {
  readonly #parts: ChecksParts;
  readonly #base = new Map<string, CheckRun>();
  readonly #last = new Map<string, CheckRun>();
  #judged: { readonly tree: string; readonly verdict: Verdict } | undefined;

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
    if ("kind" in run) return run;
    this.#last.set(check.name, run);
    await this.#parts.record(run, "change");
    return { kind: "ran", run, base };
  }

  /** Runs the required checks on a fresh tree; what was judged last is not run again. Stops at the first that cannot run. */
  async judge(tree: string): Promise<Verdict> {
    if (this.#judged?.tree === tree) return this.#judged.verdict;
    const required = this.all.filter((check) => check.required);
    // The base comes first, so that nothing of it lies in the fresh tree.
    for (const check of required) {
      const base = await this.#onBase(check);
      if ("kind" in base) return base;
    }
    const worse: Compared[] = [];
    for (const [index, check] of required.entries()) {
      const ran = await this.run(check, tree, index === 0 ? "fresh" : "kept");
      if (ran.kind === "unavailable") return ran;
      if (isWorse(ran)) worse.push(ran);
    }
    const verdict = { kind: "checked", worse } as const;
    this.#judged = { tree, verdict };
    return verdict;
  }

  /** How each check's last run on the change ended, for the result. */
  get results(): NonNullable<ChangeResult["checks"]> {
    return this.all.map(({ name, required }) => {
      const run = this.#last.get(name);
      if (run === undefined) return { name, outcome: "NotRun", required };
      return { name, outcome: run.passed ? "Passed" : "Failed", required, exitCode: run.exitCode, durationSeconds: run.seconds };
    });
  }

  async #onBase(check: Check): Promise<CheckRun | Unavailable> {
    const known = this.#base.get(check.name);
    if (known !== undefined) return known;
    const run = await this.#once(check, undefined, "kept");
    if ("kind" in run) return run;
    await this.#parts.record(run, "base");
    const broken = brokenBase(run);
    if (broken !== undefined) return broken;
    this.#base.set(check.name, run);
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
export function isWorse({ run, base }: Compared): boolean {
  return base.passed && !run.passed;
}

/** Without the change the check could not even begin, so nothing can be held against it. Tried again when it is asked for again. */
function brokenBase({ ended, exitCode }: CheckRun): Unavailable | undefined {
  if (ended === "restore") return { kind: "unavailable", why: "It could not lay the repository's files." };
  if (ended !== "setup") return undefined;
  return { kind: "unavailable", why: `The setup failed with exit code ${exitCode}, without the change. Its output is in the transcript.` };
}

function runOf({ name }: Check, { answer, output, archive }: Extract<Reply, { kind: "answer" }>): CheckRun | Unavailable {
  const { ended, code, seconds } = answer;
  if (answer.check !== name || ended === "unknown") return { kind: "unavailable", why: `It knows no check ${name}.` };
  const passed = ended === "exit" && code === 0;
  return { name, passed, ended, exitCode: code, seconds, output: readable(output), archive };
}
