import { describe, expect, it } from "vitest";
import { inspect, violationMessage } from "./gate.ts";
import { matchesGlob } from "./glob.ts";
import { parseBinaries, parseRaw, type RawChange } from "./raw-diff.ts";

function raw(path: string, rest: Partial<RawChange> = {}): RawChange {
  return { path, status: "M", oldMode: "100644", newMode: "100644", oldObject: "a", newObject: "b", ...rest };
}

function rules(
  changes: readonly RawChange[],
  options: { readonly allow?: readonly string[]; readonly binaries?: readonly string[] } = {},
): unknown {
  return inspect({ changes, binaries: new Set(options.binaries) }, options.allow ?? []).map(({ reason, path }) => `${reason} ${path}`);
}

const added = { status: "A", oldMode: "000000", oldObject: "0" };
const deleted = { status: "D", newMode: "000000", newObject: "0" };

describe("the gate denies", () => {
  it.each([
    ".github/workflows/ci.yml",
    ".github/workflows/sub/deep.yml",
    ".GitHub/Workflows/CI.yml",
    ".github/actions/setup/action.yml",
    ".gitlab-ci.yml",
    "CODEOWNERS",
    ".github/CODEOWNERS",
    "docs/codeowners",
    ".gitattributes",
    "sub/.gitmodules",
    ".npmrc",
    "packages/a/.npmrc",
    ".claude/commands/x.md",
  ])("%s", (path) => {
    expect(rules([raw(path)])).toEqual([`PathDenied ${path}`]);
    expect(rules([raw(path, deleted)])).toEqual([`PathDenied ${path}`]);
  });

  it.each(["src/index.ts", ".github/dependabot.yml", "workflows/ci.yml", "docs/github/workflows/x", "a.gitignore", "CODEOWNERS.md"])(
    "not %s",
    (path) => {
      expect(rules([raw(path)])).toEqual([]);
    },
  );

  it.each([
    [".github/workflows/ci.yml", ".github/workflows/**"],
    [".github/workflows/ci.yml", ".github/workflows/*.yml"],
    [".github/workflows/ci.yml", "**"],
    ["CODEOWNERS", "CODEOWNERS"],
  ])("not %s where allowPaths has %s", (path, pattern) => {
    expect(rules([raw(path)], { allow: [pattern] })).toEqual([]);
  });

  it.each([
    [".github/workflows/ci.yml", ".github/workflow/**"],
    [".github/workflows/a/ci.yml", ".github/workflows/*"],
    ["sub/CODEOWNERS", "CODEOWNERS"],
  ])("%s still where allowPaths has only %s", (path, pattern) => {
    expect(rules([raw(path)], { allow: [pattern] })).toHaveLength(1);
  });
});

describe("the gate refuses", () => {
  it.each<[string, RawChange, readonly string[]]>([
    ["a new symbolic link", raw("l", { ...added, newMode: "120000" }), []],
    ["a changed symbolic link", raw("l", { oldMode: "120000", newMode: "120000" }), []],
    ["a file that becomes a link", raw("l", { status: "T", newMode: "120000" }), []],
    ["a new submodule", raw("s", { ...added, newMode: "160000" }), []],
    ["a removed submodule", raw("s", { ...deleted, oldMode: "160000" }), []],
    ["a moved submodule pointer", raw("s", { oldMode: "160000", newMode: "160000" }), []],
    ["a mode that changes", raw("x", { newMode: "100755" }), []],
    ["a new executable", raw("x", { ...added, newMode: "100755" }), []],
    ["a new binary", raw("b", added), ["b"]],
    ["a changed binary", raw("b"), ["b"]],
  ])("%s", (_, change, binaries) => {
    expect(rules([change], { binaries })).toEqual([`PatchRefused ${change.path}`]);
  });

  it.each<[string, readonly RawChange[], readonly string[]]>([
    ["a removed link", [raw("l", { ...deleted, oldMode: "120000" })], []],
    ["a removed binary", [raw("b", deleted)], ["b"]],
    ["a moved binary", [raw("b", { ...deleted, oldObject: "same" }), raw("c", { ...added, newObject: "same" })], ["b", "c"]],
    ["a moved script", [raw("x", { ...deleted, oldMode: "100755" }), raw("y", { ...added, newMode: "100755" })], []],
    ["an edited script", [raw("x", { oldMode: "100755", newMode: "100755" })], []],
    ["a new text file", [raw("n", added)], []],
  ])("not %s", (_, changes, binaries) => {
    expect(rules(changes, { binaries })).toEqual([]);
  });

  it("says what and what to do", () => {
    expect(violationMessage([{ reason: "PathDenied", path: ".npmrc", rule: "**/.npmrc" }])).toBe(
      'The change touches paths that are denied: ".npmrc" (**/.npmrc). If this is wanted, name them in spec.publish.allowPaths and run again.',
    );
    const many = Array.from({ length: 12 }, (_, index) => ({ reason: "PatchRefused" as const, path: `${index}`, rule: "a submodule" }));
    expect(violationMessage(many)).toContain("and 2 more");
  });
});

describe("git's output", () => {
  it("is read by raw entries, whatever the names hold", () => {
    const output = `:100644 100755 aaa bbb M\0with space\ttab\n\0:000000 120000 000 ccc A\0:colon\0`;
    expect(parseRaw(output)).toEqual([
      { path: "with space\ttab\n", status: "M", oldMode: "100644", newMode: "100755", oldObject: "aaa", newObject: "bbb" },
      { path: ":colon", status: "A", oldMode: "000000", newMode: "120000", oldObject: "000", newObject: "ccc" },
    ]);
    expect(parseRaw("")).toEqual([]);
    expect(parseBinaries("-\t-\tb\tc\0" + "1\t2\t-\t-\0")).toEqual(new Set(["b\tc"]));
  });
});

describe("a pattern", () => {
  it.each([
    ["a/b.c", "a/*.c", true],
    ["a/x/b.c", "a/*.c", false],
    ["a/x/b.c", "a/**/*.c", true],
    ["a/b.c", "a/**/*.c", true],
    ["axc", "a.c", false],
    ["a", "a/**", false],
    ["a/b/c", "a/**", true],
    ["x/a", "**/a", true],
    ["a", "**/a", true],
    ["xa", "**/a", false],
    ["ab", "a?", true],
    ["a/", "a?", false],
    ["a-b+(c)", "a-b+(c)", true],
    ["a\nb", "a*", true],
  ])("%j against %j: %s", (path, pattern, matches) => {
    expect(matchesGlob(path, pattern)).toBe(matches);
  });
});
