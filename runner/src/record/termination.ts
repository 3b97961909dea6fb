import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunProgress, RunResult, StoredResult, TaskTermination, TerminationMessage } from "@codybatch/crds";
import type { Log } from "../log.ts";

interface Place {
  readonly terminationDir: string;
  readonly log: Log;
}

/** Leaves reason, usage and digest in the termination message, far below its 2 KiB: the last resort if nothing else arrives. */
export async function leaveTermination(place: Place, result: StoredResult | undefined, progress: RunProgress | undefined): Promise<void> {
  const message =
    result !== undefined && "task" in result
      ? ({ version: 1, task: result.task, kind: result.outcome.kind } satisfies TaskTermination)
      : changeMessage(result, progress);
  try {
    // In a pod this is one mounted file: it cannot be replaced by renaming.
    await writeFile(join(place.terminationDir, "termination-log"), JSON.stringify(message));
  } catch (error) {
    place.log.warn({ err: error }, "no termination message");
  }
}

function changeMessage(result: RunResult | undefined, progress: RunProgress | undefined): TerminationMessage {
  const told = result ?? progress;
  return {
    version: 1,
    reason: result?.reason ?? "Interrupted",
    ...(told === undefined ? {} : { usage: told.usage }),
    ...(told?.patch === undefined ? {} : { digest: told.patch.digest }),
  };
}
