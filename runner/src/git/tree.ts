/** What a tree names: a file, link, submodule or tree, by its mode as git writes it. */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
}

/** Entries by name. A name's bytes are latin1 characters here, so that any name is kept and their order is that of the bytes. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export const treeMode = "40000";

/** Takes a tree object's content apart: `mode SP name NUL oid` for each entry. Throws on anything else. */
export function parseTree(content: Buffer, oidBytes: number): Tree {
  const tree = new Map<string, TreeEntry>();
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const end = content.indexOf(0, blank);
    if (blank < 0 || end < 0 || end + oidBytes >= content.length) throw new Error("a tree object is damaged");
    const oid = content.toString("hex", end + 1, end + 1 + oidBytes);
    tree.set(content.toString("latin1", blank + 1, end), { mode: content.toString("latin1", at, blank), oid });
    at = end + 1 + oidBytes;
  }
  return tree;
}

/** A tree object's content, in git's order: a tree's name counts as if a slash followed it. */
export function formatTree(tree: Tree): Buffer {
  const sorted = [...tree].map(([name, entry]) => ({ name, ...entry, key: entry.mode === treeMode ? `${name}/` : name }));
  sorted.sort((one, other) => (one.key < other.key ? -1 : 1));
  return Buffer.concat(sorted.flatMap(({ mode, name, oid }) => [Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(oid, "hex")]));
}
