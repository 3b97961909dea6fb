import { type FileHandle, open, readFile } from "node:fs/promises";
import { Buffer } from "node:buffer";
import { git, type GitOptions } from "../git/index.ts";
import { tarEnd, tarHead, tarPadding } from "../tar/index.ts";

/** Where a fresh check-out lies, in which nothing was changed yet. */
interface CheckOut {
  readonly commit: string;
  readonly workTree: string;
  readonly options: GitOptions;
}

interface Entry {
  readonly mode: string;
  readonly path: Buffer;
}

const executable = "100755";
const symlink = "120000";
const mostListedBytes = 512 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

/**
 * Writes a commit's tracked files as a tar: every byte and mode as committed, whatever the repository's attributes say, and submodules left
 * out. Links come last, so that nothing is ever unpacked through one.
 */
export async function writeBaseArchive(checkOut: CheckOut, to: string): Promise<void> {
  const entries = await listEntries(checkOut);
  const links = entries.filter(({ mode }) => mode === symlink);
  const files = entries.filter(({ mode }) => mode.startsWith("100"));
  await using archive = await open(to, "wx", 0o644);
  for (const entry of files) await appendFile(archive, entry, absolute(checkOut, entry));
  // Links are plain files in this check-out, which hold their target.
  for (const entry of links) {
    const target = await readFile(absolute(checkOut, entry));
    await archive.appendFile(tarHead({ kind: "link", path: entry.path, target }));
  }
  await archive.appendFile(tarEnd);
}

async function appendFile(archive: FileHandle, { path, mode }: Entry, from: Buffer): Promise<void> {
  await using file = await open(from);
  const { size } = await file.stat();
  await archive.appendFile(tarHead({ kind: "file", path, executable: mode === executable, bytes: size }));
  for (let left = size; left > 0;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(left, chunkBytes)));
    if (bytesRead === 0) throw new Error("a file became shorter while it was archived");
    await archive.appendFile(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
  await archive.appendFile(tarPadding(size));
}

async function listEntries({ commit, options }: CheckOut): Promise<readonly Entry[]> {
  const { stdout } = await git(["ls-tree", "-r", "-z", "--full-tree", commit], { ...options, maxBytes: mostListedBytes });
  // Names are bytes, so each byte is kept as one character.
  const records = stdout.toString("latin1").split("\0").slice(0, -1);
  return records.map((record) => ({ mode: record.slice(0, 6), path: Buffer.from(record.slice(record.indexOf("\t") + 1), "latin1") }));
}

function absolute({ workTree }: CheckOut, { path }: Entry): Buffer {
  return Buffer.concat([Buffer.from(`${workTree}/`), path]);
}
