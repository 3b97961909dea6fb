/** Whether a path matches a pattern: `*` any text within a part, `**` any parts, `?` one character. */
export function matchesGlob(path: string, pattern: string): boolean {
  return new RegExp(`^${source(pattern)}$`, "su").test(path);
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
