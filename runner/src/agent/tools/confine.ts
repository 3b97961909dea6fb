import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ToolError } from "./tool.ts";

/** A path inside the work tree: `relative` is for people and git, `absolute` is what is opened. */
export interface Place {
  readonly relative: string;
  readonly absolute: string;
  /** What lies there now, never a symbolic link; undefined: nothing. */
  readonly entry: "file" | "directory" | undefined;
}

/** In bytes: with the work tree's own path before it, it stays below the system's 4096. */
const longestPath = 2048;
const longestPart = 255;
/** Git is asked about each folder above a path; deeper trees than this would be more than a command line holds. */
const deepest = 100;

/**
 * Resolves what the model named. Every existing part must be a real directory or file: no link is followed, not even one that stays inside,
 * and the real path of the longest existing part must lie under the root.
 */
export async function confine(root: string, path: string): Promise<Place> {
  const parts = partsOf(path);
  const relative = parts.join("/");
  let existing = root;
  let entry: Place["entry"] = "directory";
  for (const [index, part] of parts.entries()) {
    if (entry !== "directory") throw new ToolError(`${quote(parts.slice(0, index).join("/"))} is a file, not a directory.`);
    const next = await kindOf(join(existing, part), relative);
    if (next === undefined) return ended(root, existing, { relative, absolute: join(root, ...parts), entry: undefined });
    existing = join(existing, part);
    entry = next;
  }
  return ended(root, existing, { relative, absolute: existing, entry });
}

async function ended(root: string, existing: string, place: Place): Promise<Place> {
  const real = await realpath(existing);
  if (real !== root && !real.startsWith(root + sep)) throw new ToolError(`${quote(place.relative)} lies outside of the repository.`);
  return place;
}

async function kindOf(absolute: string, relative: string): Promise<Place["entry"]> {
  const stat = await lstat(absolute).catch(missing);
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) throw new ToolError(`${quote(relative)} is or passes through a symbolic link; links are not followed.`);
  if (stat.isDirectory()) return "directory";
  if (stat.isFile()) return "file";
  throw new ToolError(`${quote(relative)} is a device, socket or pipe, not a regular file.`);
}

function missing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function partsOf(path: string): readonly string[] {
  if (Buffer.byteLength(path) > longestPath) throw new ToolError(`The path is longer than ${longestPath} bytes.`);
  if (path.includes("\0")) throw new ToolError("The path has a zero byte.");
  if (path.startsWith("/")) throw new ToolError("Give the path relative to the root of the repository, without a slash at its start.");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length > deepest) throw new ToolError(`The path has more than ${deepest} parts.`);
  if (parts.some((part) => Buffer.byteLength(part) > longestPart))
    throw new ToolError(`A part of the path is longer than ${longestPart} bytes.`);
  if (parts.includes("..")) throw new ToolError("The path has a .. part. Give it from the root of the repository.");
  if (parts.some(isGitDirectory)) throw new ToolError("The path has a .git part. Git's own files are not reachable.");
  return parts;
}

/** As git does: names that some file system takes for `.git` count too (case, ignorable code points, NTFS short name and endings). */
export function isGitDirectory(part: string): boolean {
  const plain = part
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase()
    .replace(/(:.*)?[. ]*$/su, "");
  return plain === ".git" || plain === "git~1";
}

/** Names with control characters are shown quoted, so that they cannot forge lines. */
export function quote(path: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(path) ? JSON.stringify(path) : path === "" ? "the root" : path;
}
