import { type Finding, quotePath } from "./finding.ts";
import type { AddedLine, PatchedFile } from "./patch-lines.ts";
import type { RawChange } from "./raw-diff.ts";
import { type Hit, scanSecrets } from "./secret-scan.ts";

/** Findings, and the values found: to be hidden from whatever is stored from now on. */
export interface Secrets {
  readonly findings: readonly Finding[];
  readonly values: readonly string[];
}

export interface SecretParts {
  readonly files: readonly PatchedFile[];
  readonly changes: readonly RawChange[];
  /** What the model reports, by what it is called. */
  readonly said: Readonly<Record<string, string>>;
  /** Whether a text holds a literal secret of this pod. */
  readonly holdsLiteral: (text: string) => boolean;
}

/** Secrets in added lines, new names and the report. What the change takes out elsewhere is not new, whoever put it there. */
export async function secretFindings(parts: SecretParts): Promise<Secrets> {
  const removed = parts.files.flatMap(({ blocks }) => blocks.flatMap((block) => block.removed)).join("\n");
  const gone = parts.changes.filter(({ status }) => status === "D").map(({ path }) => path);
  const before = [removed, ...gone].join("\n");
  const found = [];
  for (const text of textsOf(parts)) found.push(...(await inText(text, before, parts.holdsLiteral)));
  return { findings: found.map(({ finding }) => finding), values: found.map(({ value }) => value) };
}

interface Text {
  readonly place: string;
  readonly name: string;
  readonly text: string;
  readonly lines: readonly AddedLine[];
}

function textsOf({ files, changes, said }: SecretParts): readonly Text[] {
  const names = changes.filter(({ status }) => status === "A").map(({ path }) => nameText(path));
  const words = Object.entries(said).map(([what, text]) => ({ place: `the report's ${what}`, name: what, text, lines: [] }));
  return [...files.map(addedText), ...names, ...words].filter(({ text }) => text !== "");
}

function addedText({ path, blocks }: PatchedFile): Text {
  const lines = blocks.flatMap(({ added }) => added);
  return { place: quotePath(path), name: lastPart(path), text: lines.map(({ text }) => text).join("\n"), lines };
}

function nameText(path: string): Text {
  return { place: `the name ${quotePath(path)}`, name: "name", text: path, lines: [] };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

interface Found {
  readonly finding: Finding;
  readonly value: string;
}

async function inText(
  { place, name, text, lines }: Text,
  before: string,
  holdsLiteral: SecretParts["holdsLiteral"],
): Promise<readonly Found[]> {
  const literals = holdsLiteral(text) ? literalHits(text, holdsLiteral) : [];
  const shaped = (await scanSecrets(text, name)).filter(({ value }) => !before.includes(essenceOf(value)));
  return [...literals, ...shaped].map((hit) => ({ finding: findingOf(hit, { place, text, lines }), value: hit.value }));
}

/** The pod's own secrets are refused whoever put them there. Their values are hidden already. */
function literalHits(text: string, holdsLiteral: SecretParts["holdsLiteral"]): readonly Hit[] {
  const hits: Hit[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    if (holdsLiteral(line)) hits.push({ start, value: "", rule: "a secret of this run" });
    start += line.length + 1;
  }
  return hits;
}

/** Of a URL only the user and password are secret: the rest may change around them. */
function essenceOf(value: string): string {
  return /:\/\/([^@\s]{1,400}@)/.exec(value)?.[1] ?? value;
}

function findingOf({ start, rule }: Hit, { place, text, lines }: Omit<Text, "name">): Finding {
  const line = lines[text.slice(0, start).split("\n").length - 1];
  return { reason: "SecretFound", place, ...(line === undefined ? {} : { line: line.number }), rule };
}
