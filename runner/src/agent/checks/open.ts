import type { RunInput } from "@codybatch/crds";
import type { Worktree } from "../../git/index.ts";
import type { AgentConfig } from "../settings.ts";
import type { Happening } from "../store/transcript.ts";
import { type CheckRun, Checks } from "./checks.ts";
import { Mailbox } from "./mailbox.ts";

interface Opening {
  readonly config: AgentConfig;
  readonly input: RunInput;
  readonly worktree: Worktree;
  /** Aborts when the run ends. */
  readonly ending: AbortSignal;
  readonly now: () => number;
  readonly record: (happening: Happening) => Promise<void>;
}

const pollMs = 200;

/** The checks of a run; undefined where it has none. A pod without a mailbox has no toolbox that could start, so required checks never pass unseen. */
export function openChecks({ config, input, worktree, ending, now, record }: Opening): Checks | undefined {
  if (input.checks.length === 0) return undefined;
  const { mailboxDir, toolboxSeconds } = config;
  const bootMs = mailboxDir === undefined ? 0 : toolboxSeconds * 1000;
  const mailbox = new Mailbox({ directory: mailboxDir ?? "/nonexistent", pollMs, bootMs, signal: ending, now });
  return new Checks({ checks: input.checks, mailbox, worktree, record: async (run, on) => await record(eventOf(run, on)) });
}

function eventOf({ name, exitCode, seconds, output }: CheckRun, on: "base" | "change"): Happening {
  return { kind: "check", name, on, exitCode, durationMs: seconds * 1000, output };
}

/** What a reviewer should know of checks that fail without the change. */
export function baselineWarnings(checks: Checks | undefined): readonly string[] {
  return (checks?.failingOnBase ?? []).map((name) => `BaselineFailing: the check ${name} fails without the change too.`);
}
