import { join } from "node:path";
import type { RunPatch, RunResult, RunUsage } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { errorCode } from "../out/index.ts";
import type { AgentPorts } from "./ports.ts";
import { promptVersion } from "./prompt/version.ts";
import type { Ending } from "./session/ending.ts";
import type { AgentConfig } from "./settings.ts";
import type { Redaction } from "./store/redact.ts";
import { writeResult, writeTermination } from "./store/result.ts";
import type { Transcript } from "./store/transcript.ts";

/** What a run leaves for its result. */
export interface Outcome {
  readonly ending: Ending;
  readonly usage: RunUsage;
  readonly patch?: RunPatch | undefined;
  readonly warnings: readonly string[];
  readonly standIn: boolean;
}

/** Where and when a run takes place. */
export interface Circumstances {
  readonly config: AgentConfig;
  readonly log: Log;
  readonly ports: AgentPorts;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface Store {
  readonly redaction: Redaction;
  readonly transcript: Transcript;
}

/** A Changeset's status takes 1024 characters, the words added here included. */
const longestMessage = 950;

/** Writes the end down: event, result, termination message. */
export async function settle(run: Circumstances, outcome: Outcome, { redaction, transcript }: Store): Promise<void> {
  const { config, log, ports, startedAt } = run;
  const { reason } = outcome.ending;
  const result = resultOf(outcome, startedAt, ports.now());
  await transcript
    .add({ kind: "ended", reason, message: result.message })
    .then(() => transcript.sync())
    .catch((error: unknown) => log.error({ err: error }, "the transcript could not be ended"));
  await writeResult(config.outDir, redaction, result);
  const { usage, patch } = outcome;
  await writeTermination(config.terminationDir, { reason, usage, patch }).catch((error: unknown) =>
    log.warn({ code: errorCode(error), path: join(config.terminationDir, "termination-log") }, "no termination message written"),
  );
  log.info({ reason, turns: usage.turns }, "the run ended");
}

export function resultOf(outcome: Outcome, startedAt: number, finishedAt: number): RunResult {
  const { ending, usage, patch, warnings, standIn } = outcome;
  const kept = ending.reason !== "Reported" && patch !== undefined ? " The work done so far is kept." : "";
  return {
    version: 1,
    reason: ending.reason,
    message: ending.message.slice(0, longestMessage) + kept,
    ...(ending.accepted === undefined ? {} : { report: ending.accepted.report }),
    ...(patch === undefined ? {} : { patch }),
    usage,
    warnings: [...warnings],
    promptVersion,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    ...(standIn ? { standIn: true } : {}),
  };
}
