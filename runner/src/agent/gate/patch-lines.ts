export interface AddedLine {
  /** From 1, in the new file. */
  readonly number: number;
  readonly text: string;
}

/** Lines that go and lines that come in their place, without a line between that stays. */
export interface Block {
  readonly removed: readonly string[];
  readonly added: readonly AddedLine[];
}

export interface PatchedFile {
  /** As in the new tree; empty for a file that goes. Bytes that are not UTF-8 are U+FFFD. */
  readonly path: string;
  readonly blocks: readonly Block[];
}

interface Reading {
  path: string;
  readonly blocks: Block[];
}

/** Reads a patch as git writes it. A hunk's lines are taken by its counts, so no content can pass for a header. Throws where it does not add up. */
export function parsePatch(patch: Uint8Array): readonly PatchedFile[] {
  const lines = Buffer.from(patch).toString("utf8").split("\n");
  const files: Reading[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    at += 1;
    const file = files.at(-1);
    if (line.startsWith("diff --git ")) files.push({ path: "", blocks: [] });
    else if (line.startsWith("+++ ") && file !== undefined) file.path = newPath(line.slice(4));
    else if (line.startsWith("@@ ") && file !== undefined) at = readHunk(lines, at, file);
  }
  return files;
}

const hunkHeader = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Gives the index of the line after the hunk. */
function readHunk(lines: readonly string[], first: number, file: Reading): number {
  const counts = hunkHeader.exec(lines[first - 1] ?? "");
  if (counts === null) throw new Error("a hunk of the patch has no counts");
  let [oldLeft, newLeft, number] = [Number(counts[1] ?? 1), Number(counts[3] ?? 1), Number(counts[2])];
  let block: { removed: string[]; added: AddedLine[] } = { removed: [], added: [] };
  const close = (): void => {
    if (block.removed.length + block.added.length > 0) file.blocks.push(block);
    block = { removed: [], added: [] };
  };
  let at = first;
  for (; oldLeft > 0 || newLeft > 0; at += 1) {
    const line = lines[at];
    if (line === undefined) throw new Error("a hunk of the patch is cut off");
    if (line.startsWith("\\")) continue;
    const text = line.slice(1);
    if (line.startsWith("-")) {
      block.removed.push(text);
      oldLeft -= 1;
    } else if (line.startsWith("+")) {
      block.added.push({ number, text });
      number += 1;
      newLeft -= 1;
    } else {
      close();
      number += 1;
      oldLeft -= 1;
      newLeft -= 1;
    }
  }
  close();
  return at;
}

/** `b/path`, `"b/pa\th"`, or `/dev/null`; a name with a blank ends with a tab. */
function newPath(name: string): string {
  const plain = name.startsWith('"') ? unquote(name) : name.replace(/\t$/, "");
  return plain.startsWith("b/") ? plain.slice(2) : "";
}

const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** git's quoting, as of C; with core.quotePath off only control characters are octal. */
function unquote(quoted: string): string {
  return quoted.slice(1, quoted.lastIndexOf('"')).replace(/\\(?:([0-7]{3})|(.))/gs, (_, octal: string | undefined, letter: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return escapes[letter] ?? letter;
  });
}
