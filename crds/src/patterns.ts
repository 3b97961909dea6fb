/** Whether a text fits one of the administrator's patterns: `*` stands for any text without a slash, `**` for any text. Case does not count. */
export function matchesAny(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => toRegExp(pattern).test(text));
}

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : escaped(part)));
  return new RegExp(`^${parts.join("")}$`, "is");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
