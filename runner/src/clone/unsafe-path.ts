// Code points that HFS+ leaves out when it compares names, so that `.g<U+200C>it` is `.git` there.
const ignoredByHFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Why a path of a tree must not be written to a disk, or undefined. */
export function unsafePath(path: string): string | undefined {
  if (path.includes("\\")) return "holds a backslash, which separates folders on some systems";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "leads outside of the repository";
  if (parts.some(isGitDirectory)) return "names git's own folder";
  return undefined;
}

function isGitDirectory(part: string): boolean {
  const seen = part.replace(ignoredByHFS, "").toLowerCase();
  // NTFS drops blanks and dots at the end, and what follows a colon is a stream of the same file.
  const name = (seen.split(":")[0] ?? "").replace(/[. ]+$/, "");
  return name === ".git" || name === "git~1";
}

/** Two paths that are one file where case does not count, or undefined. */
export function caseCollision(paths: Iterable<string>): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) return [other, path];
    seen.set(folded, path);
  }
  return undefined;
}
