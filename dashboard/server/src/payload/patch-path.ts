const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** A path as git writes it in a patch: plain, or quoted like in C with octal bytes. */
export function unquotePath(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of text.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gsu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 255);
    else if (letter === undefined) bytes.push(...Buffer.from(plain ?? ""));
    else bytes.push(escapes[letter] ?? letter.charCodeAt(0));
  }
  return Buffer.from(bytes).toString("utf8");
}

/** The path behind `a/` or `b/`; undefined for /dev/null. */
export function sidePath(text: string): string | undefined {
  const path = unquotePath(text.replace(/\t$/, ""));
  return path === "/dev/null" ? undefined : path.replace(/^[ab]\//, "");
}

const generatedNames =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|go\.sum|flake\.lock|gradle\.lockfile)$/;
const generatedForms = /(\.min\.(js|css)|\.map|\.snap|\.pb\.go|_pb2\.py|\.g\.dart|\.generated\.[a-z]+)$/;
const generatedFolders = /(^|\/)(dist|build|vendor|node_modules|__generated__|generated)\//;

/** By its name a lock file or the output of a program: shown folded. */
export function isGenerated(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return generatedNames.test(name) || generatedForms.test(name) || generatedFolders.test(path);
}
