import type { RunPatch, RunProgress, RunRecord } from "@codybatch/crds";
import { recordKey, recordName } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { untilStored } from "./backoff.ts";
import { resultReserve } from "./limit.ts";
import type { KnownPatch } from "./live.ts";
import type { Output, Result } from "./output.ts";
import type { KeptPatch } from "./patch.ts";
import { afterStoring, keepPatch } from "./patch.ts";
import type { Shelf } from "./shelf.ts";
import { leaveTermination } from "./termination.ts";
import type { TranscriptShipper } from "./transcript.ts";

export interface Ending {
  readonly pod: string;
  readonly maxBytes: number;
  readonly resultsDir: string | undefined;
  readonly terminationDir: string;
  readonly output: Output;
  readonly transcript: TranscriptShipper;
  readonly shelf: Shelf;
  /** The patch that `-live` held last. */
  readonly known: KnownPatch | undefined;
  readonly retry: { readonly firstSeconds: number; readonly log: Log };
  readonly log: Log;
}

/** Stores patch, rest of the transcript and, last, `-result`; returns only when all of it is stored. */
export async function storeEnding(ending: Ending): Promise<RunRecord["ended"]> {
  const { output, pod, retry, shelf, transcript } = ending;
  const result = await output.result();
  const progress = await output.progress();
  await leaveTermination(ending, result, progress);
  const patch = await keepPatch(patchOf(result, progress), ending);
  await transcript.rest(ending.maxBytes - resultReserve - (patch.kind === "kept" ? patch.bytes : 0));
  const record: RunRecord = {
    version: 1,
    ended: result === undefined ? "Interrupted" : "Finished",
    transcript: transcript.record(),
    ...(patch.kind === "kept" ? { patchRef: patch.ref } : {}),
  };
  const data = { [recordKey.record]: JSON.stringify(record), ...report(result, progress, patch) };
  await untilStored(async () => await shelf.createOnce({ part: "result", name: recordName.result(pod), data }), retry);
  ending.log.info({ ended: record.ended, patch: patch.kind, transcript: record.transcript }, "result stored");
  return record.ended;
}

/** Publishing makes no patch. */
function patchOf(result: Result | undefined, progress: RunProgress | undefined): RunPatch | undefined {
  if (result === undefined) return progress?.patch;
  return "task" in result ? undefined : result.patch;
}

/** The result or, when it came to none, its last progress. */
function report(result: Result | undefined, progress: RunProgress | undefined, patch: KeptPatch): Record<string, string> {
  if (result !== undefined) return { [recordKey.result]: JSON.stringify("task" in result ? result : afterStoring(result, patch)) };
  if (progress === undefined) return {};
  const { patch: told, ...rest } = progress;
  return { [recordKey.progress]: JSON.stringify(patch.kind === "kept" ? { ...rest, patch: told } : rest) };
}
