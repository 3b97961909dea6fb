import { join } from "node:path";
import { Companion } from "./companion.ts";
import { type ObjectFolder, writeObject } from "./loose-object.ts";
import { maxPatchBytes, type Patch, patchFlags } from "./patch.ts";
import { git } from "./process.ts";
import { parseShown } from "./stat.ts";
import { readTouched } from "./touched-file.ts";
import { Trees } from "./trees.ts";
import { type EntryChange, isUnusualPath, UnusualChange } from "./unusual.ts";
import type { Worktree } from "./worktree.ts";

const tenMinutesMs = 600_000;

/**
 * Makes patches from a known tree and the paths that were touched since, without a look at any other file: two gits that stay read trees and
 * show the difference. Whatever is not plain throws; {@link makePatch} is the truth.
 */
export class QuickPatch implements Disposable {
  readonly #worktree: Worktree;
  readonly #folder: ObjectFolder;
  readonly #reader: Companion;
  readonly #differ: Companion;
  readonly #trees: Trees;
  #base: string | undefined;

  private constructor(worktree: Worktree, tmpDir: string) {
    this.#worktree = worktree;
    this.#folder = { gitDir: worktree.gitDir, oidBytes: worktree.baseCommit.length / 2 };
    const options = { ...worktree, home: tmpDir, timeoutMs: tenMinutesMs, maxBytes: maxPatchBytes };
    this.#reader = new Companion(["cat-file", "--batch"], { ...options, echo: (line) => `${line} missing\n` });
    this.#differ = new Companion(["diff-tree", "--stdin", "--numstat", ...patchFlags], { ...options, echo: (line) => `${line}\n` });
    this.#trees = new Trees(this.#reader, this.#folder);
  }

  /** Throws where the repository's settings make a path or a mode mean something else. */
  static async open(worktree: Worktree, tmpDir: string): Promise<QuickPatch> {
    await demandPlainSettings(worktree, tmpDir);
    return new QuickPatch(worktree, tmpDir);
  }

  /** The patch of `tree`, in which the touched paths are as they are on the disk now. */
  async make(tree: string, touched: Iterable<string>): Promise<Patch> {
    const base = (this.#base ??= await this.#trees.rootOf(this.#worktree.baseCommit));
    const paths = [...touched];
    if (paths.some(isUnusualPath)) throw new UnusualChange("git looks twice at a path");
    const changes: EntryChange[] = [];
    for (const path of paths) changes.push(await this.#look(base, path));
    const now = await this.#trees.change(tree, changes);
    if (now === undefined) throw new UnusualChange("nothing is left");
    return { tree: now, ...(await this.#show(base, now)) };
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    this.#differ[Symbol.dispose]();
  }

  /** As `git add` in an index of the base: what is a link there stays one, any other mode is the file's own. */
  async #look(base: string, path: string): Promise<EntryChange> {
    const parts = Buffer.from(path).toString("latin1").split("/");
    const before = await this.#trees.modeAt(base, parts);
    if (before === "160000") throw new UnusualChange("a path is a submodule");
    const file = await readTouched(join(this.#worktree.workTree, path));
    if (file === undefined) return { parts, entry: undefined };
    const oid = await writeObject(this.#folder, "blob", file.content);
    return { parts, entry: { mode: before === "120000" ? before : file.executable ? "100755" : "100644", oid } };
  }

  async #show(base: string, tree: string): Promise<Omit<Patch, "tree">> {
    const trees = `${base} ${tree}`;
    const answer = await this.#differ.ask(trees);
    if (!answer.subarray(0, trees.length + 1).equals(Buffer.from(`${trees}\n`))) throw new UnusualChange("git compared nothing");
    return parseShown(answer.subarray(trees.length + 1));
  }
}

async function demandPlainSettings(worktree: Worktree, tmpDir: string): Promise<void> {
  const names = String.raw`^core\.(filemode|ignorecase|precomposeunicode|sparsecheckout)$`;
  const args = ["config", "--type=bool", "--get-regexp", names];
  const { stdout } = await git(args, { ...worktree, home: tmpDir, exitCodes: [0, 1] });
  const lines = stdout.toString().split("\n");
  const odd = lines.filter((line) => line === "core.filemode false" || (line.endsWith(" true") && line !== "core.filemode true"));
  if (odd.length > 0) throw new Error("the repository has settings that git has to mind");
}
