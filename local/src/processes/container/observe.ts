import type { ContainerState, Running } from "../pod/state.ts";
import { isRunning, signal, startOf } from "./identity.ts";
import { runDirOf, terminationFileOf } from "./start.ts";
import { hasBegun, recordedEnd } from "./supervisor.ts";
import { terminationMessage } from "./termination.ts";

/** 128 + SIGKILL: what is said of a process whose end nobody saw. */
const killedExitCode = 137;

/** The container's state after a look at its process; the same object when nothing changed. */
export async function observe(podDir: string, name: string, state: ContainerState, now: number): Promise<ContainerState> {
  const { running } = state;
  if (running === undefined) return state;
  const runDir = runDirOf(podDir, name, running.run);
  const isAlive = isRunning(running.pid, running.start);
  const end = await recordedEnd(runDir);
  if (end === undefined && isAlive) return state;
  if (end === undefined && !hasBegun(runDir)) return { last: state.last };
  const message = await terminationMessage(terminationFileOf(podDir, name));
  if (end !== undefined) return ended(running, { exitCode: end.exitCode, message, finishedAt: end.at });
  endLeftovers(running);
  const words = message === "" && !running.isKilled ? "lost" : message;
  return ended(running, { exitCode: killedExitCode, message: words, finishedAt: now, ...(running.isKilled ? { signal: 9 } : {}) });
}

interface End {
  readonly exitCode: number;
  readonly message: string;
  readonly finishedAt: number;
  readonly signal?: number;
}

function ended({ run, startedAt }: Running, end: End): ContainerState {
  return { last: { run, startedAt, ...end } };
}

/** Ends what a dead supervisor left in its group; a group keeps its number as long as it has members. */
function endLeftovers({ pid }: Running): void {
  if (startOf(pid) === undefined) signal(-pid, "SIGKILL");
}
