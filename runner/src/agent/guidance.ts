import { guidanceFrame, guidanceIntro } from "./prompt/guidance.ts";
import { confine } from "./tools/confine.ts";
import { readPlace } from "./tools/files.ts";
import { headAndTail } from "./tools/lines.ts";
import { decode } from "./tools/text.ts";

/** What repositories tell those who change them, at their root, in this order. */
const names = ["AGENTS.md", "CONTRIBUTING.md", "CLAUDE.md"] as const;
/** Most characters shown of one file; each costs on every request of the run. */
const mostCharacters = 6000;

interface Tree {
  /** Real path of the work tree. */
  readonly root: string;
  /** Paths that hold the target of a link instead of text. */
  readonly links: ReadonlySet<string>;
}

/** A part for the first message with the repository's own guidance, named as data; undefined when there is none. */
export async function readGuidance(tree: Tree): Promise<string | undefined> {
  const parts = await Promise.all(names.map((name) => partOf(tree, name)));
  const found = parts.filter((part) => part !== undefined);
  return found.length === 0 ? undefined : [guidanceIntro, ...found].join("\n");
}

/** What cannot be read as text gives no guidance; the model may still look at it with its tools. */
async function partOf({ root, links }: Tree, name: string): Promise<string | undefined> {
  if (links.has(name)) return undefined;
  const text = await textOf(root, name).catch(() => "");
  if (text.trim() === "") return undefined;
  const shown = headAndTail(text.trim(), mostCharacters, `Read ${name} to see the rest.`);
  return guidanceFrame(name, closed(shown));
}

async function textOf(root: string, name: string): Promise<string> {
  const place = await confine(root, name);
  return place.entry === "file" ? decode(await readPlace(place), name).text : "";
}

/** No text of a file ends the part that it stands in, or opens one that looks like the user's. */
function closed(text: string): string {
  return text.replaceAll(/<(?=\s*\/?\s*(?:repository|task))/gi, "&lt;");
}
