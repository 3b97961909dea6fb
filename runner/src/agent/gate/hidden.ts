type Range = readonly [first: number, last: number, name: string];

// CVE-2021-42574 (Trojan Source) for those that reorder; Unicode's Default_Ignorable_Code_Point and UAX #31 for those that show nothing;
// U+2028 and U+2029 end a line for compilers, not for those who read. Left out is what ordinary text needs: soft hyphen, U+FE0E and U+FE0F.
const ranges: readonly Range[] = [
  [0x061c, 0x061c, "bidirectional mark"],
  [0x115f, 0x1160, "invisible letter"],
  [0x180e, 0x180e, "zero-width character"],
  [0x200b, 0x200d, "zero-width character"],
  [0x200e, 0x200f, "bidirectional mark"],
  [0x2028, 0x2029, "line separator"],
  [0x202a, 0x202e, "bidirectional control"],
  [0x2060, 0x2064, "zero-width character"],
  [0x2066, 0x2069, "bidirectional control"],
  [0x206a, 0x206f, "deprecated format character"],
  [0x3164, 0x3164, "invisible letter"],
  [0xfe00, 0xfe0d, "variation selector"],
  [0xfeff, 0xfeff, "byte order mark"],
  [0xffa0, 0xffa0, "invisible letter"],
  [0xe0000, 0xe007f, "tag character"],
  [0xe0100, 0xe01ef, "variation selector"],
];

const classes = ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join("");
const hidden = new RegExp(`[${classes}]`, "gu");
const unshowable = new RegExp(`[${classes}\\u{7f}-\\u{9f}]`, "gu");

/** Scripts that are not written right without joiners (UAX #31, Unicode's table of joining and virama). */
const joining = [
  "Arabic",
  "Syriac",
  "Mongolian",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Khmer",
  "Myanmar",
] as const;

const betweenLetters = joining.map((script) => {
  const letter = String.raw`[\p{Script_Extensions=${script}}&&[\p{L}\p{M}]]`;
  return `(?<=${letter})[\u200C\u200D](?=${letter})`;
});
const inEmoji = String.raw`(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})`;

/** A single joiner where it shapes what is seen: between parts of an emoji, or letters of one of these scripts. */
const shaping = new RegExp([inEmoji, ...betweenLetters].join("|"), "gv");

/** Code points in a text that hide or reorder what is read, in order; a joiner that shapes an emoji or a word is none. */
export function hiddenIn(text: string): readonly number[] {
  return (text.replace(shaping, "").match(hidden) ?? []).map((character) => character.codePointAt(0) ?? 0);
}

/** Such as "U+202E, bidirectional control". */
export function nameOf(codePoint: number): string {
  const name = ranges.find(([first, last]) => codePoint >= first && codePoint <= last)?.[2] ?? "hidden character";
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}, ${name}`;
}

/** Writes what cannot be seen as `\u{…}`. */
export function escapeHidden(text: string): string {
  return text.replace(unshowable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
