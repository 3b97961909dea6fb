import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunReason, RunResult, type RunPatch, type RunUsage, TerminationMessage } from "@codybatch/crds";
import { writeAtomic } from "../../out/index.ts";
import type { Redaction } from "./redact.ts";

/** Puts `result.json` in place; nothing is written after it but the termination message. */
export async function writeResult(outDir: string, redaction: Redaction, result: RunResult): Promise<void> {
  await writeAtomic(join(outDir, "result.json"), JSON.stringify(RunResult.parse(redaction.value(result))));
}

/** The last resort when no ConfigMap arrives: far below the 2 KiB that are kept. */
export async function writeTermination(
  directory: string,
  ended: { reason: RunReason; usage: RunUsage; patch?: RunPatch | undefined },
): Promise<void> {
  const { reason, usage, patch } = ended;
  const message: TerminationMessage = { version: 1, reason, usage, ...(patch === undefined ? {} : { digest: patch.digest }) };
  // In a pod this is one mounted file: it cannot be replaced by renaming.
  await writeFile(join(directory, "termination-log"), JSON.stringify(TerminationMessage.parse(message)));
}
