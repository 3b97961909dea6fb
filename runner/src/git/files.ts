import { git } from "./process.ts";
import type { Worktree } from "./worktree.ts";

type EntryKind = "file" | "executable" | "symlink" | "submodule" | "untracked";

interface Entry {
  /** From the repository's root, `/` separated. */
  readonly path: string;
  readonly kind: EntryKind;
}

interface Entries {
  /** Sorted by path. What was deleted from the work tree is not among them. */
  readonly entries: readonly Entry[];
  /** Files whose names are not UTF-8: they stay in patches but no tool can name them. */
  readonly unnameable: number;
}

const kinds: Readonly<Record<string, EntryKind>> = { "100644": "file", "100755": "executable", "120000": "symlink", "160000": "submodule" };
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Everything tracked or untracked and not ignored, by one git process. A symlink is a plain file here that holds its target. */
export async function listEntries(worktree: Worktree): Promise<Entries> {
  const args = ["ls-files", "-z", "-t", "--stage", "--cached", "--others", "--deleted", "--exclude-standard"];
  const { stdout } = await git(args, { ...worktree });
  const present = new Map<string, EntryKind>();
  const deleted = new Set<string>();
  let unnameable = 0;
  for (const record of records(stdout)) {
    const path = decode(record.path);
    if (path === undefined) unnameable += 1;
    else if (record.tag === "R") deleted.add(path);
    else present.set(path, record.kind);
  }
  const paths = [...present.keys()].filter((path) => !deleted.has(path)).toSorted();
  return { entries: paths.map((path) => ({ path, kind: present.get(path) ?? "file" })), unnameable };
}

/** Paths of all files, tracked and untracked, that are not ignored; neither submodules nor names that are not UTF-8. */
export async function listFiles(worktree: Worktree): Promise<string[]> {
  const { entries } = await listEntries(worktree);
  return entries.filter(({ kind }) => kind !== "submodule").map(({ path }) => path);
}

interface Listed {
  readonly tag: string;
  readonly kind: EntryKind;
  readonly path: Buffer;
}

/** `H 100644 <object> 0 TAB path NUL` when tracked, tag R when deleted from the work tree, `? path NUL` when untracked. */
function* records(output: Buffer): Generator<Listed> {
  let start = 0;
  while (start < output.length) {
    const end = output.indexOf(0, start);
    const record = output.subarray(start, end);
    start = end + 1;
    const tag = String.fromCharCode(record[0] ?? 0);
    if (tag === "?") yield { tag, kind: "untracked", path: record.subarray(2) };
    else yield { tag, kind: kinds[record.toString("latin1", 2, 8)] ?? "file", path: record.subarray(record.indexOf(9) + 1) };
  }
}

function decode(path: Buffer): string | undefined {
  try {
    return utf8.decode(path);
  } catch {
    return undefined;
  }
}
