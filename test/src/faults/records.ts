import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { recordKey, recordName, RunEvent, RunProgress, RunResult } from "@codybatch/crds";
import type { Attempt, RunRecord, StoredPatch } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { git } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";

type Texts = Readonly<Record<string, string>>;
/** Local mode, or a stage on a node. */
type Stand = Pick<LocalMode, "api" | "dir">;

async function payload(local: Stand, name: string): Promise<{ readonly data: Texts; readonly binaryData: Texts }> {
  const found = await local.api.get(resources.configMaps, name);
  return { data: (found?.["data"] ?? {}) as Texts, binaryData: (found?.["binaryData"] ?? {}) as Texts };
}

function unzip(base64: string | undefined): Buffer {
  return gunzipSync(Buffer.from(base64 ?? "", "base64"));
}

/** The stored transcript of an attempt or a record, every line read as an event; throws when one is none. */
export async function storedEvents(local: Stand, { transcript }: Pick<Attempt, "transcript"> | RunRecord): Promise<readonly RunEvent[]> {
  const chunks: string[] = [];
  for (const ref of transcript?.refs ?? []) chunks.push(unzip((await payload(local, ref)).binaryData[recordKey.transcriptGz]).toString());
  return eventsIn(chunks.join(""));
}

/** What the agent of a pod had written down in the pod's folder, without a line that it did not finish. */
export function writtenEvents(podDir: string): readonly RunEvent[] {
  const text = readFileSync(join(podDir, "volumes", "out", "transcript.jsonl"), "utf8");
  return eventsIn(text.slice(0, text.lastIndexOf("\n") + 1));
}

/** Each line as an event. */
export function eventsIn(text: string): readonly RunEvent[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [RunEvent.parse(JSON.parse(line))]));
}

/** Last progress that the recorder stored for a run that came to no result. */
export async function storedProgress(local: Stand, { pod }: Attempt): Promise<RunProgress> {
  const { data } = await payload(local, recordName.result(pod!));
  return RunProgress.parse(JSON.parse(data[recordKey.progress]!));
}

/** The result that the recorder stored. */
export async function storedResult(local: Stand, { pod }: Attempt): Promise<RunResult> {
  const { data } = await payload(local, recordName.result(pod!));
  return RunResult.parse(JSON.parse(data[recordKey.result]!));
}

/** The git tree that the stored patch gives on the base commit that it names; throws when it does not apply. */
export async function treeOfPatch(local: Stand, repository: string, { baseCommit, ref }: StoredPatch): Promise<string> {
  const patch = unzip((await payload(local, ref)).binaryData[recordKey.patchGz]);
  const work = join(local.dir, "repositories", `${repository}.git`);
  git(work, ["read-tree", baseCommit]);
  git(work, ["apply", "--cached"], patch);
  return git(work, ["write-tree"]);
}
