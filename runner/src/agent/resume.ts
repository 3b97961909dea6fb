import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { patchDigest, type RunInput } from "@codybatch/crds";
import { applyPatch, type Worktree } from "../git/index.ts";
import { continued, startedOver } from "./prompt/earlier-try.ts";
import { publishedChange, publishedChangeLost } from "./prompt/failed-checks.ts";

/** What became of an earlier try's work. */
export interface Resumed {
  readonly fromPod: string | undefined;
  /** For the model. */
  readonly note: string | undefined;
  /** For the result. */
  readonly warning: string | undefined;
}

const mostPatchBytes = 64 * 1024 * 1024;
const nothing: Resumed = { fromPod: undefined, note: undefined, warning: undefined };

/** Puts an earlier try's patch back into the clean work tree, or starts clean and says so. */
export async function resume(input: RunInput, resumeDir: string, worktree: Worktree, tmpDir: string): Promise<Resumed> {
  if (input.resume === undefined) return { ...nothing, note: input.ciFailure && publishedChangeLost(input.ciFailure.pullRequest) };
  const { fromPod } = input.resume;
  const problem = await restore(input.resume, resumeDir, worktree, tmpDir);
  if (problem === undefined) return { fromPod, note: noteOf(input, true), warning: undefined };
  return {
    fromPod: undefined,
    note: noteOf(input, false),
    warning: `The work of the earlier try ${fromPod} could not be taken over: ${problem}.`,
  };
}

function noteOf({ ciFailure }: RunInput, isThere: boolean): string {
  if (ciFailure === undefined) return isThere ? continued : startedOver;
  return isThere ? publishedChange(ciFailure.pullRequest) : publishedChangeLost(ciFailure.pullRequest);
}

type Stored = NonNullable<RunInput["resume"]>;

async function restore(stored: Stored, resumeDir: string, worktree: Worktree, tmpDir: string): Promise<string | undefined> {
  if (stored.baseCommit !== worktree.baseCommit) return "the branch has moved since";
  const patch = await unpack(join(resumeDir, "change.patch.gz"));
  if (patch === undefined) return "its patch is missing or cannot be unpacked";
  if (patchDigest(stored.baseCommit, patch) !== stored.digest) return "its patch is not the one that was recorded";
  try {
    await applyPatch(worktree, patch, tmpDir);
    return undefined;
  } catch {
    return "its patch does not apply";
  }
}

async function unpack(path: string): Promise<Buffer | undefined> {
  try {
    return await promisify(gunzip)(await readFile(path), { maxOutputLength: mostPatchBytes });
  } catch {
    return undefined;
  }
}
