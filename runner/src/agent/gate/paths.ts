import { deniedPaths } from "./denied-paths.ts";
import { type Finding, quotePath } from "./finding.ts";
import { compileGlob } from "./glob.ts";
import { hiddenIn, nameOf } from "./hidden.ts";
import type { RawChange } from "./raw-diff.ts";

const denials = deniedPaths.map((pattern) => ({ pattern, folded: compileGlob(pattern.toLowerCase()) }));

/** Denied paths, new or gone: of a move both ends count, since it is not seen as one. */
export function deniedFindings(changes: readonly RawChange[], allowPaths: readonly string[]): readonly Finding[] {
  const allowed = allowPaths.map(compileGlob);
  return changes.flatMap(({ path }) => {
    const rule = denial(path);
    if (rule === undefined || allowed.some((pattern) => pattern.test(path))) return [];
    return [{ reason: "PathDenied", place: quotePath(path), rule } as const];
  });
}

function denial(path: string): string | undefined {
  const small = fold(path);
  return denials.find(({ folded }) => folded.test(small))?.pattern;
}

/** A path as file systems may take it that ignore case, width, ignorable characters, and endings (NTFS): whatever one of them takes for a denied path is one. */
function fold(path: string): string {
  const letters = path
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC");
  return letters
    .split(/[/\\]/)
    .map((part) => part.replace(/(?<=[^.])(?::.*)?[. ]*$/su, ""))
    .filter((part) => part !== "")
    .join("/");
}

/** Characters in new names that cannot be seen; a move may keep what its file was called. */
export function hiddenNameFindings(changes: readonly RawChange[]): readonly Finding[] {
  const gone = new Set(changes.filter(({ status }) => status === "D").flatMap(({ path }) => hiddenIn(path)));
  return changes
    .filter(({ status }) => status === "A")
    .flatMap(({ path }) => {
      const first = hiddenIn(path).find((codePoint) => !gone.has(codePoint));
      if (first === undefined) return [];
      return [{ reason: "HiddenCharacters", place: quotePath(path), rule: `${nameOf(first)} in its name` } as const];
    });
}
