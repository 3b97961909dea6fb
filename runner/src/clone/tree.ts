import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitOptions } from "../git/index.ts";
import { git, GitError } from "../git/index.ts";
import type { CloneConfig } from "./config.ts";
import { Refusal } from "./refusal.ts";
import { folderBytes, tooLarge, tooManyFiles } from "./size.ts";
import { caseCollision, unsafePath } from "./unsafe-path.ts";

/** A path of 4 KiB for each file, at worst; listings beyond this are refused unread. */
const mostListedBytes = 512 * 1024 * 1024;

/** Refuses by name a tree that is too large for the limits or unsafe to write to a disk. Throws {@link Refusal}. */
export async function checkTree(url: string, commit: string, config: CloneConfig, options: GitOptions): Promise<void> {
  const files = await listTree(url, commit, config, options);
  if (files.length > config.maxFiles) throw tooManyFiles(url, files.length, config.maxFiles);
  for (const { path } of files) {
    const why = unsafePath(path);
    if (why !== undefined)
      throw new Refusal("UnsafePath", `${url} has the path ${JSON.stringify(path)}, which ${why}. Rename or remove it there.`);
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, await folderBytes(options.gitDir ?? ""));
  if (bytes > config.maxBytes) throw tooLarge(url, config.maxBytes);
  await checkCase(url, files, config.workspaceDir);
}

interface TreeFile {
  readonly path: string;
  readonly bytes: number;
}

async function listTree(url: string, commit: string, config: CloneConfig, options: GitOptions): Promise<TreeFile[]> {
  try {
    const { stdout } = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], { ...options, maxBytes: mostListedBytes });
    return stdout.toString("utf8").split("\0").slice(0, -1).map(treeFile);
  } catch (error) {
    if (error instanceof GitError && error.fault === "output") throw tooManyFiles(url, config.maxFiles + 1, config.maxFiles);
    throw error;
  }
}

/** `<mode> <type> <object> <size> TAB <path>`; the size of a submodule entry is `-`. */
function treeFile(record: string): TreeFile {
  const tab = record.indexOf("\t");
  const size = Number(record.slice(0, tab).split(" ").at(-1));
  return { path: record.slice(tab + 1), bytes: Number.isFinite(size) ? size : 0 };
}

async function checkCase(url: string, files: readonly TreeFile[], workspace: string): Promise<void> {
  if (!(await ignoresCase(workspace))) return;
  const collision = caseCollision(files.map(({ path }) => path));
  if (collision === undefined) return;
  const [one, other] = collision.map((path) => JSON.stringify(path));
  throw new Refusal("UnsafePath", `${url} has ${one} and ${other}, which are one file on this machine's disk. Run it on Linux.`);
}

async function ignoresCase(directory: string): Promise<boolean> {
  const probe = join(directory, ".codybatch-case");
  await writeFile(probe, "");
  const found = await stat(join(directory, ".CODYBATCH-CASE")).then(
    () => true,
    () => false,
  );
  await rm(probe);
  return found;
}
