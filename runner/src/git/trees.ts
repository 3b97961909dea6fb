import type { Companion } from "./companion.ts";
import { type ObjectFolder, writeObject } from "./loose-object.ts";
import { formatTree, parseTree, type Tree, type TreeEntry, treeMode } from "./tree.ts";
import { type EntryChange, UnusualChange } from "./unusual.ts";

/** Reads trees by a `git cat-file --batch` that stays, and writes them. What it gave once it remembers. */
export class Trees {
  readonly #reader: Companion;
  readonly #objects: ObjectFolder;
  readonly #known = new Map<string, Tree>();

  constructor(reader: Companion, objects: ObjectFolder) {
    this.#reader = reader;
    this.#objects = objects;
  }

  /** The tree of a commit or a tree. */
  async rootOf(oid: string): Promise<string> {
    return (await this.#read(`${oid}^{tree}`)).oid;
  }

  /** Mode of what lies at a path, in latin1 characters; undefined where there is nothing. */
  async modeAt(root: string, parts: readonly string[]): Promise<string | undefined> {
    const [name = "", ...below] = parts;
    const entry = (await this.#tree(root)).get(name);
    if (entry === undefined || below.length === 0) return entry?.mode;
    if (entry.mode === "160000") throw new UnusualChange("a path lies in a submodule");
    return entry.mode === treeMode ? await this.modeAt(entry.oid, below) : undefined;
  }

  /** Writes the tree that comes of `root` by the changes; undefined when nothing is left in it. */
  async change(root: string | undefined, changes: readonly EntryChange[]): Promise<string | undefined> {
    const before = root === undefined ? new Map<string, never>() : await this.#tree(root);
    const tree = new Map(before);
    for (const [name, group] of Map.groupBy(changes, ({ parts }) => parts[0] ?? "")) {
      const entry = await this.#changed(tree.get(name), group);
      if (entry === undefined) tree.delete(name);
      else tree.set(name, entry);
    }
    if (tree.size === 0) return undefined;
    const oid = await writeObject(this.#objects, "tree", formatTree(tree));
    // What was there before is not asked for again, except in the base, which is read anew then.
    if (root !== undefined) this.#known.delete(root);
    this.#known.set(oid, tree);
    return oid;
  }

  async #changed(old: TreeEntry | undefined, group: readonly EntryChange[]): Promise<TreeEntry | undefined> {
    const own = group.find(({ parts }) => parts.length === 1);
    const below = group.filter(({ parts }) => parts.length > 1).map(({ parts, entry }) => ({ parts: parts.slice(1), entry }));
    if (own?.entry !== undefined) return alone(own.entry, below);
    if (old?.mode === treeMode) return below.length === 0 ? old : this.#folder(old.oid, below);
    const file = own === undefined ? old : undefined;
    return below.every(isGone) ? file : this.#folder(demandNone(file), below);
  }

  async #folder(oid: string | undefined, below: readonly EntryChange[]): Promise<TreeEntry | undefined> {
    const made = await this.change(oid, below);
    return made === undefined ? undefined : { mode: treeMode, oid: made };
  }

  async #tree(oid: string): Promise<Tree> {
    const known = this.#known.get(oid) ?? parseTree((await this.#read(oid)).content, this.#objects.oidBytes);
    this.#known.set(oid, known);
    return known;
  }

  /** `oid SP type SP size LF content LF`. */
  async #read(name: string): Promise<{ readonly oid: string; readonly content: Buffer }> {
    const answer = await this.#reader.ask(name);
    const head = answer.indexOf("\n");
    const [oid = "", type, size] = answer.toString("latin1", 0, Math.max(0, head)).split(" ");
    if (type !== "tree" || answer.length !== head + Number(size) + 2) throw new UnusualChange("git gave no tree");
    return { oid, content: answer.subarray(head + 1, -1) };
  }
}

function isGone({ entry }: EntryChange): boolean {
  return entry === undefined;
}

function alone(entry: TreeEntry, below: readonly EntryChange[]): TreeEntry {
  if (below.every(isGone)) return entry;
  throw new UnusualChange("a file and a folder have the same path");
}

function demandNone(file: TreeEntry | undefined): undefined {
  if (file !== undefined) throw new UnusualChange("a file lies where a folder has to be");
}
