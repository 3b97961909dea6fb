// Named by number, for lint takes a control character in a pattern for a slip.
const [escape, bell] = [27, 7].map((code) => String.fromCharCode(code));
const ansi = new RegExp(`${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\^_])`, "g");
// Controls but tab and line end, and all that is invisible or reorders text.
const hidden =
  /(?![\t\n\r])\p{Cc}|[\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0]|[\u{E0000}-\u{E007F}]/gu;

/** Hostile text as it may be shown: colour codes of terminals are gone, characters that hide or reorder text stand as `‹U+202E›`. */
export function visible(text: string): string {
  return text
    .replaceAll(ansi, "")
    .replaceAll(/\r(?=\n|$)/g, "")
    .replaceAll("\r", "‹U+000D›")
    .replaceAll(hidden, named);
}

function named(character: string): string {
  return `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`;
}

/** A text of one line. */
export function oneLine(text: string): string {
  return visible(text).replaceAll(/\s+/g, " ").trim();
}

/** At most `most` characters, never half of a surrogate pair; `…` stands for the rest. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\uD800-\uDBFF]$/.test(text.slice(0, most - 1)) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}
