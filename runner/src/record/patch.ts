import { gzipSync } from "node:zlib";
import type { RunPatch, RunResult } from "@codybatch/crds";
import { claimRef, recordKey, recordName } from "@codybatch/crds";
import { keepPatchOnClaim } from "./claim.ts";
import type { Ending } from "./ending.ts";
import { isPermanent, untilStored } from "./backoff.ts";
import { mostLiveBytes, mostObjectBytes, resultReserve } from "./limit.ts";

/** Where the patch is now, or why it is nowhere. */
export type KeptPatch =
  | { readonly kind: "none" }
  | { readonly kind: "kept"; readonly ref: string; readonly bytes: number }
  /** The file is not the patch that the agent spoke of. */
  | { readonly kind: "lost" }
  | { readonly kind: "no claim"; readonly cause: string }
  | { readonly kind: "too large"; readonly bytes: number; readonly limit: number; readonly where: "ConfigMap" | "claim" };

/** Stores the patch that the agent told of: one ConfigMap, or the claim. */
export async function keepPatch(told: RunPatch | undefined, ending: Ending): Promise<KeptPatch> {
  if (told === undefined) return { kind: "none" };
  const { known, output } = ending;
  const bytes = (await output.patch(told)) ?? (known?.digest === told.digest ? known.bytes : undefined);
  if (bytes === undefined) return { kind: "lost" };
  const gz = gzipSync(bytes);
  return ending.resultsDir === undefined ? await onShelf(gz, ending) : await onClaim(gz, ending.resultsDir, ending);
}

async function onShelf(gz: Buffer, ending: Ending): Promise<KeptPatch> {
  const room = ending.maxBytes - resultReserve - ending.transcript.bytes;
  const limit = Math.max(0, Math.min(mostObjectBytes, room));
  const tooLarge: KeptPatch = { kind: "too large", bytes: gz.length, limit, where: "ConfigMap" };
  if (gz.length > limit) return tooLarge;
  try {
    return await shelve(gz, ending);
  } catch (error) {
    if (!isPermanent(error)) throw error;
    ending.log.error({ err: error }, "the API server refuses the patch");
    return tooLarge;
  }
}

async function shelve(gz: Buffer, { pod, retry, shelf }: Ending): Promise<KeptPatch> {
  const name = recordName.patch(pod);
  await untilStored(async () => await shelf.replace({ part: "patch", name, binary: { [recordKey.patchGz]: gz } }), retry);
  return { kind: "kept", ref: name, bytes: gz.length };
}

/** A small patch is also a ConfigMap, which kubectl alone can read. */
async function onClaim(gz: Buffer, directory: string, ending: Ending): Promise<KeptPatch> {
  const limit = ending.maxBytes - resultReserve;
  if (gz.length > limit) return { kind: "too large", bytes: gz.length, limit, where: "claim" };
  const cause = await writeToClaim(gz, directory, ending);
  if (gz.length <= mostLiveBytes) return await shelve(gz, ending);
  if (cause !== undefined) return { kind: "no claim", cause };
  return { kind: "kept", ref: claimRef(ending.pod, recordKey.patchGz), bytes: gz.length };
}

/** Gives why the claim takes nothing. */
async function writeToClaim(gz: Buffer, directory: string, { retry, log }: Ending): Promise<string | undefined> {
  try {
    await untilStored(async () => await keepPatchOnClaim(directory, gz), retry);
    return undefined;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    log.error({ err: error }, "the claim cannot be written");
    return String(error instanceof Error ? error.message : error);
  }
}

const kibibyte = 1024;

const remedies = {
  ConfigMap: "Set spec.resultStorage to {type: PersistentVolumeClaim, claimName: …} in a new BatchChange, or ask for a smaller change.",
  claim: "Ask for a smaller change.",
} as const;

const mendClaim = "Let group 1000 write into its root (docs/guide/claim.md), and run it again.";

/** The result as it holds after storing: what cannot be had must not be promised. */
export function afterStoring(result: RunResult, kept: KeptPatch): RunResult {
  const { patch: _, ...rest } = result;
  if (kept.kind === "too large") {
    const sizes = `The patch has ${Math.ceil(kept.bytes / kibibyte)} KiB gzipped, ${Math.floor(kept.limit / kibibyte)} KiB fit`;
    return { ...rest, reason: "PatchTooLarge", message: `${sizes}. ${remedies[kept.where]}` };
  }
  if (kept.kind === "no claim")
    return { ...rest, reason: "InternalError", message: `The claim cannot be written (${kept.cause}). ${mendClaim}` };
  if (kept.kind === "lost")
    return { ...rest, reason: "InternalError", message: "The patch that was reported is not the one that was written. Run it again." };
  return result;
}
