import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { patchDigest, recordKey } from "@codybatch/crds";
import type { Change, Cluster } from "./cluster.ts";

const run = promisify(execFile);
const unzip = promisify(gunzip);

export interface Patch {
  readonly path: string;
  readonly repository: string;
  readonly check: { readonly kind: "applies" | "notChecked" } | { readonly kind: "broken"; readonly cause: string };
}

interface Place {
  readonly dir: string;
  readonly searchPath: string;
}

/** Writes the stored patch of every Changeset that has one below `dir`/patches, and tries each on a fresh clone where no network is needed. */
export async function writePatches(cluster: Cluster, changes: readonly Change[], place: Place): Promise<readonly Patch[]> {
  const patches: Patch[] = [];
  for (const change of changes) {
    const patch = await writePatch(cluster, change, place);
    if (patch !== undefined) patches.push(patch);
  }
  return patches;
}

async function writePatch(cluster: Cluster, change: Change, place: Place): Promise<Patch | undefined> {
  const { spec, status, metadata } = change;
  if (status.patch === undefined || status.patch.ref.startsWith("pvc:")) return undefined;
  const records = await cluster.records(metadata.namespace, status.patch.ref);
  const packed = records?.binaryData[recordKey.patchGz];
  if (packed === undefined) return undefined;
  const bytes = await unzip(Buffer.from(packed, "base64"));
  const folder = join(place.dir, "patches", spec.batchChange);
  const branch = spec.repository.branch === "HEAD" ? "" : `-${spec.repository.branch.replaceAll("/", "-")}`;
  const path = join(folder, `${spec.repository.name.replaceAll("/", "-")}${branch}.patch`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, bytes);
  const check =
    patchDigest(status.patch.baseCommit, bytes) === status.patch.digest
      ? await tryOut(change, path, place)
      : broken("its digest is not the one in status.patch");
  return { path, repository: spec.repository.name, check };
}

function broken(cause: string): Patch["check"] {
  return { kind: "broken", cause };
}

/** A folder of this machine, or a server on it, such as the stand-in for GitHub. */
function isHere({ protocol, hostname }: URL): boolean {
  return protocol === "file:" || hostname === "127.0.0.1";
}

async function tryOut({ spec, status }: Change, path: string, { dir, searchPath }: Place): Promise<Patch["check"]> {
  if (!isHere(new URL(spec.repository.url)) || status.patch === undefined) return { kind: "notChecked" };
  const clone = await mkdtemp(join(dir, "clone-"));
  const env = { PATH: searchPath, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
  const git = async (...args: readonly string[]): Promise<string> => (await run("git", [...args], { cwd: clone, env })).stdout.trim();
  try {
    await git("clone", "--quiet", "--no-checkout", "--no-local", "--template=", spec.repository.url, ".");
    await git("checkout", "--quiet", "--detach", status.patch.baseCommit);
    await git("apply", "--index", "--whitespace=nowarn", path);
    const tree = await git("write-tree");
    return tree === status.patch.tree ? { kind: "applies" } : broken(`it gives tree ${tree} and not ${status.patch.tree}`);
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}
