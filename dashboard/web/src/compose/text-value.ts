import { isFields, isList } from "./path.ts";

/** A value as an input shows it. */
export function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return isList(value) ? value.map(textIn).join("\n") : JSON.stringify(value);
}

/** A whole number where the text is one; else the text, for the rules to say what is wrong with it. */
export function numberOf(text: string): number | string {
  return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}

/** Lines as a list. The last line may still be empty while it is written. */
export function linesOf(text: string): readonly string[] | undefined {
  const lines = text.split("\n");
  return lines.every((line) => line === "") ? undefined : lines;
}

/** `name=value` lines as an object; a line without `=` is a name without a value yet. */
export function pairsOf(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line): readonly [string, string] => {
      const end = line.indexOf("=");
      return end === -1 ? [line.trim(), ""] : [line.slice(0, end).trim(), line.slice(end + 1)];
    });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

export function shownPairs(value: unknown): string {
  if (!isFields(value)) return textIn(value);
  return Object.entries(value)
    .map(([name, each]) => `${name}=${textIn(each)}`)
    .join("\n");
}

/** Addresses from a pasted list: one a line or with blanks or commas between, `owner/name` for GitHub. */
export function addressesOf(text: string): readonly string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return words.map((word) => (/^[\w.-]+\/[\w.-]+$/.test(word) ? `https://github.com/${word}` : word));
}
