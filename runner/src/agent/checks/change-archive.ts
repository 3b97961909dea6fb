import { git, type Worktree } from "../../git/index.ts";
import { tarOf } from "../../tar/index.ts";
import { parseRaw, type RawChange } from "../gate/raw-diff.ts";

/** What turns the base's tracked files into those of a recorded tree. */
export interface ChangeArchive {
  /** Added and changed files, byte for byte those of the tree. */
  readonly archive: Buffer;
  /** Paths that must be gone before the files are laid: the deleted, and whatever stands where a new file comes. Each character is a byte. */
  readonly gone: readonly string[];
}

const submodule = "160000";
const symlink = "120000";
const executable = "100755";

/** Most bytes of changed files that go to a check; a change of that size is refused by the gate anyway. */
const mostBytes = 64 * 1024 * 1024;

/** Reads git's objects, not the work tree: a check runs on what is recorded. Throws GitError when the change is too large. */
export async function changeArchive(worktree: Worktree, tree: string): Promise<ChangeArchive> {
  const between = ["diff-tree", "-r", "--no-commit-id", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", "--raw", "--no-abbrev"];
  const { stdout } = await git([...between, worktree.baseCommit, tree], { ...worktree });
  // Names are bytes, so each byte is kept as one character.
  const changes = parseRaw(stdout.toString("latin1")).filter(({ newMode, oldMode }) => newMode !== submodule && oldMode !== submodule);
  const present = changes.filter(({ status }) => status !== "D");
  const contents = await contentsOf(worktree, present);
  const archive = tarOf(present.map((change, index) => memberOf(change, contents[index] ?? Buffer.alloc(0))));
  return { archive, gone: changes.filter(({ status }) => status === "D" || status === "A").map(({ path }) => path) };
}

function memberOf(change: RawChange, bytes: Buffer): Parameters<typeof tarOf>[0][number] {
  const path = Buffer.from(change.path, "latin1");
  if (change.newMode === symlink) return { kind: "link", path, target: bytes };
  return { kind: "file", path, executable: change.newMode === executable, bytes };
}

async function contentsOf(worktree: Worktree, changes: readonly RawChange[]): Promise<readonly Buffer[]> {
  if (changes.length === 0) return [];
  const input = changes.map(({ newObject }) => `${newObject}\n`).join("");
  const { stdout } = await git(["cat-file", "--batch"], { ...worktree, input, maxBytes: mostBytes });
  return [...objects(stdout)];
}

/** `<id> <type> <size>` LF, the bytes, LF; once for each id. */
function* objects(output: Buffer): Generator<Buffer> {
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0x0a, at);
    const size = Number(output.toString("latin1", at, end).split(" ")[2]);
    yield output.subarray(end + 1, end + 1 + size);
    at = end + 1 + size + 1;
  }
}

/** A path as `printf %b` of a shell reads it back, on one line. */
export function escaped(path: string): string {
  return path.replace(/[^A-Za-z0-9._/-]/g, (character) => `\\0${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
