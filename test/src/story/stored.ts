import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { patchDigest, recordKey, RunEvent } from "@codybatch/crds";
import type { Changeset, RunUsage } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { expect } from "vitest";
import { git } from "../local-mode/index.ts";
import type { Api } from "../local-mode/api.ts";

/** Where results are stored. */
interface Store {
  readonly api: Api;
  /** Folder of the process runner, which holds what stands for claims. */
  readonly processesDir?: string;
}

/** The bytes that a reference of status names, from its ConfigMap or from the folder that stands for the claim. */
async function payload(store: Store, ref: string, key: string, claim: string): Promise<Buffer> {
  if (ref.startsWith("pvc:")) return gunzipSync(readFileSync(join(store.processesDir ?? "", "claims", "default", claim, ref.slice(4))));
  const found = (await store.api.get(resources.configMaps, ref)) as { readonly binaryData?: Readonly<Record<string, string>> } | undefined;
  return gunzipSync(Buffer.from(found?.binaryData?.[key] ?? "", "base64"));
}

/** The patch that status names. */
export async function patchOf(store: Store, { status }: Changeset, claim = ""): Promise<Buffer> {
  return payload(store, status?.patch?.ref ?? "", recordKey.patchGz, claim);
}

/** Every event of the transcript that status names, in order. */
export async function transcriptOf(store: Store, { status }: Changeset, claim = ""): Promise<readonly RunEvent[]> {
  const parts = await Promise.all((status?.transcript?.refs ?? []).map((ref) => payload(store, ref, recordKey.transcriptGz, claim)));
  const lines = Buffer.concat(parts).toString("utf8").split("\n");
  const events = lines.filter((line) => line !== "").map((line) => RunEvent.parse(JSON.parse(line)));
  expect(events).toHaveLength(status?.transcript?.events ?? 0);
  return events;
}

/** What the transcript's answers add up to. */
export async function turnsOf(store: Store, changeset: Changeset): Promise<RunUsage & { readonly nanoUSD: number }> {
  const answers = (await transcriptOf(store, changeset)).flatMap((event) =>
    event.kind === "assistant" || event.kind === "reviewer" ? [event.usage] : [],
  );
  const sum = (pick: (usage: RunUsage) => number): number => answers.reduce((total, usage) => total + pick(usage), 0);
  return {
    turns: answers.length,
    input: sum(({ input }) => input),
    output: sum(({ output }) => output),
    cacheRead: sum(({ cacheRead }) => cacheRead),
    cacheWrite: sum(({ cacheWrite }) => cacheWrite),
    nanoUSD: sum(({ costNanoUSD }) => costNanoUSD!),
  };
}

/** Applies the stored patch to a fresh clone: digest and tree must be the recorded ones. Gives the patch, and lets `look` see the clone after. */
export async function expectApplies(
  store: Store,
  changeset: Changeset,
  { claim = "", look }: { readonly claim?: string; readonly look?: (clone: string) => void } = {},
): Promise<string> {
  const { patch } = changeset.status!;
  const bytes = await patchOf(store, changeset, claim);
  expect({ digest: patchDigest(patch!.baseCommit, bytes), bytes: bytes.length }).toEqual({ digest: patch!.digest, bytes: patch!.bytes });
  const folder = mkdtempSync(join(tmpdir(), "codybatch-clone-"));
  try {
    git(folder, ["clone", "--quiet", "--no-local", "--template=", changeset.spec.repository.url, "."]);
    git(folder, ["checkout", "--quiet", "--detach", patch!.baseCommit]);
    git(folder, ["apply", "--index", "--whitespace=nowarn", "-"], bytes);
    expect(git(folder, ["write-tree"])).toBe(patch!.tree);
    look?.(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return bytes.toString("latin1");
}
