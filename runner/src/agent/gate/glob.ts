/** Whether a path matches a pattern: `*` any text within a part, `**` any parts, `?` one character. */
export function matchesGlob(path: string, pattern: string): boolean {
  return compileGlob(pattern).test(path);
}

/** The pattern to be used for many paths. */
export function compileGlob(pattern: string): RegExp {
  return new RegExp(`^${source(pattern)}$`, "su");
}

function source(pattern: string): string {
  const pieces = pattern.match(/\*\*\/|\/\*\*$|\*+|\?|[^*?]+?(?=\/\*\*$|[*?]|$)/gsu) ?? [];
  return pieces.map(piece).join("");
}

function piece(text: string): string {
  if (text === "**/") return "(?:[^/]+/)*";
  if (text === "/**") return "/.+";
  if (text === "?") return "[^/]";
  if (text === "**") return ".*";
  if (text.startsWith("*")) return "[^/]*";
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
