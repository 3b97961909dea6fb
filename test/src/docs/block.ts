/** A fenced block of a document, with what its info string says about it. */
export interface Block {
  readonly document: string;
  readonly line: number;
  readonly language: string;
  /** The info string after the language, such as `run` or `file=my.yaml`. */
  readonly note: string;
  readonly text: string;
}

/** All fenced blocks of a Markdown text, in order. Throws on a fence that is never closed. */
export function blocksOf(document: string, markdown: string): readonly Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const open = /^```(\S*) ?(.*)$/.exec(lines[index] ?? "");
    if (open === null) continue;
    const end = lines.indexOf("```", index + 1);
    if (end === -1) throw new Error(`${document}:${index + 1}: the block is never closed`);
    const [, language = "", note = ""] = open;
    blocks.push({ document, line: index + 1, language, note, text: `${lines.slice(index + 1, end).join("\n")}\n` });
    index = end;
  }
  return blocks;
}
