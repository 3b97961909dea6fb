import { join } from "node:path";
import { expect, it } from "vitest";
import { makePatch } from "../../git/index.ts";
import { makeRepository, makeWorktree, temporary, writeFiles } from "../../git/testing/repository.ts";
import { judge } from "./index.ts";
import { quotePath } from "./finding.ts";

/** Numbers from 0 to below `most`, the same for the same seed (a linear congruence). */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const denied = [
  ".npmrc",
  "CODEOWNERS",
  ".github/workflows/ci.yml",
  ".gitlab-ci.yml",
  "Jenkinsfile",
  ".cargo/config.toml",
  ".husky/pre-push",
];
const plain = ["src/a.ts", "README.md", "package.json", "-rf", ":(top)", 'q"uote', "new\nline", "tab\there", "a b", "ünï", "\x7f", "..."];
const disguises: readonly ((name: string, at: number) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name, at) => `${name.slice(0, at)}${name.slice(at, at + 1).toUpperCase()}${name.slice(at + 1)}`,
  (name, at) => `${name.slice(0, at)}\u200C${name.slice(at)}`,
  (name) => `${name}.`,
  (name) => `${name}  `,
  (name) => `${name}:stream`,
  (name) => name.replaceAll("i", "\u0131"),
  (name) => name.replaceAll("s", "\u017F"),
  (name) => name.normalize("NFD"),
  (name) => name.replaceAll("e", "\uFF45"),
];
const clean = [
  "text",
  "@@ -1,5 +1,5 @@",
  "--- a/x",
  "+++ b/x",
  "\\ No newline at end of file",
  "diff --git a/x b/x",
  "",
  "\t",
  "\r",
  "é世🙂",
];
const dirty = ["a\u202Eb", "\u2066", "x\u200B", "\uFEFFx\uFEFF", "y\u{E0041}", "\u2060"];

interface Planned {
  readonly files: Record<string, string>;
  readonly denied: readonly string[];
  readonly dirty: readonly (readonly [path: string, line: number])[];
}

/** Files that each hold at most one dirty line, half of them under names that are denied. */
function plan(seed: number): Planned {
  const next = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const planned = { files: {} as Record<string, string>, denied: [] as string[], dirty: [] as [string, number][] };
  for (let index = 0; index < 12; index += 1) {
    const isDenied = next(2) === 0;
    const name = isDenied ? pick(disguises)(pick(denied), 1 + next(5)) : `${index}/${pick(plain)}`;
    if (Object.keys(planned.files).some((path) => path === name || path.startsWith(`${name}/`) || name.startsWith(`${path}/`))) continue;
    const lines = Array.from({ length: 1 + next(6) }, () => pick(clean));
    const dirtyLine = next(3) === 0 ? next(lines.length) : undefined;
    if (dirtyLine !== undefined) {
      lines[dirtyLine] = pick(dirty);
      planned.dirty.push([name, dirtyLine + 1]);
    }
    planned.files[name] = lines.join("\n") + pick(["", "\n", "\r\n"]);
    if (isDenied) planned.denied.push(name);
  }
  return planned;
}

it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
  "whatever is changed, all that is denied is found and nothing else: seed %i",
  async (seed) => {
    using root = temporary("codybatch-gate-");
    const planned = plan(seed);
    makeRepository(join(root.path, "origin"), (d) => writeFiles(d, { "base.txt": "base\n" }));
    const worktree = await makeWorktree(root.path, join(root.path, "origin"));
    writeFiles(worktree.workTree, planned.files);
    const patch = await makePatch(worktree, root.path);
    const { findings } = await judge({ worktree, tmpDir: root.path, patch, allowPaths: [], said: {}, holdsLiteral: () => false });
    const places = (reason: string): string[] => findings.filter((one) => one.reason === reason).map(({ place }) => place);
    expect(places("PathDenied").toSorted()).toEqual(planned.denied.map(quotePath).toSorted());
    const lines = findings.filter(({ reason, line }) => reason === "HiddenCharacters" && line !== undefined);
    expect(lines.map(({ place, line }) => `${place}:${line}`).toSorted()).toEqual(
      planned.dirty.map(([path, line]) => `${quotePath(path)}:${line}`).toSorted(),
    );
    expect(places("PatchRefused")).toEqual([]);
  },
);
