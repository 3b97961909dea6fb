import type { RunPatch, RunProgress, RunRecord, StoredResult } from "@codybatch/crds";
import { recordKey, recordName } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { untilStored } from "./backoff.ts";
import type { Payload } from "./config-map.ts";
import { resultReserve } from "./limit.ts";
import type { KnownPatch } from "./live.ts";
import type { Output } from "./output.ts";
import type { KeptPatch } from "./patch.ts";
import { afterStoring, keepPatch } from "./patch.ts";
import type { Purpose } from "./purpose.ts";
import { packed } from "./result.ts";
import type { Shelf } from "./shelf.ts";
import { leaveTermination } from "./termination.ts";
import type { TranscriptShipper } from "./transcript.ts";

export interface Ending {
  readonly pod: string;
  readonly purpose: Purpose;
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
  const result = await output.result(ending.purpose.result);
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
  const { data, binary = {} } = report({ result, progress, patch, log: ending.log });
  const item = {
    part: "result",
    name: recordName.result(pod),
    data: { [recordKey.record]: JSON.stringify(record), ...data },
    binary,
  } as const;
  await untilStored(async () => await shelf.createOnce(item), retry);
  ending.log.info({ ended: record.ended, patch: patch.kind, transcript: record.transcript }, "result stored");
  return record.ended;
}

/** Only a change has one. */
function patchOf(result: StoredResult | undefined, progress: RunProgress | undefined): RunPatch | undefined {
  if (result === undefined) return progress?.patch;
  return "task" in result ? undefined : result.patch;
}

interface Reported {
  readonly result: StoredResult | undefined;
  readonly progress: RunProgress | undefined;
  readonly patch: KeptPatch;
  readonly log: Log;
}

/** The result or, when it came to none, its last progress. */
function report({ result, progress, patch, log }: Reported): Payload {
  if (result !== undefined) return packed("task" in result ? result : afterStoring(result, patch), log);
  if (progress === undefined) return {};
  const { patch: told, ...rest } = progress;
  return { data: { [recordKey.progress]: JSON.stringify(patch.kind === "kept" ? { ...rest, patch: told } : rest) } };
}
