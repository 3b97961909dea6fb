import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";
import { deniedFindings } from "./paths.ts";
import { parseBinaries, parseRaw, type RawChange } from "./raw-diff.ts";

function raw(path: string, rest: Partial<RawChange> = {}): RawChange {
  return { path, status: "M", oldMode: "100644", newMode: "100644", oldObject: "a", newObject: "b", ...rest };
}

const deleted = { status: "D", newMode: "000000", newObject: "0" };

describe("the gate denies", () => {
  it.each([
    ".github/workflows/ci.yml",
    ".github/workflows/sub/deep.yml",
    ".github/actions/setup/action.yml",
    ".gitlab-ci.yml",
    "services/api/.gitlab-ci.yaml",
    ".gitlab/ci/build.yml",
    ".circleci/config.yml",
    ".buildkite/pipeline.yml",
    "azure-pipelines.yml",
    "ci/azure-pipelines-release.yaml",
    "Jenkinsfile",
    "deploy/Jenkinsfile.release",
    ".travis.yml",
    ".tekton/run.yaml",
    "cloudbuild.yaml",
    "CODEOWNERS",
    ".github/CODEOWNERS",
    "docs/codeowners",
    ".gitattributes",
    ".gitignore",
    "sub/.gitmodules",
    ".githooks/pre-push",
    ".husky/pre-commit",
    ".pre-commit-config.yaml",
    ".npmrc",
    "packages/a/.npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".yarn/releases/yarn-4.cjs",
    ".pnpmfile.cjs",
    ".pypirc",
    "pip.conf",
    ".cargo/config",
    "crate/.cargo/config.toml",
    "NuGet.Config",
    ".netrc",
    ".devcontainer/devcontainer.json",
    ".devcontainer.json",
    ".vscode/tasks.json",
    ".envrc",
    ".claude/commands/x.md",
    ".mcp.json",
  ])("%s", (path) => {
    expect(deniedFindings([raw(path)], [])).toMatchObject([{ reason: "PathDenied", place: JSON.stringify(path) }]);
    expect(deniedFindings([raw(path, deleted)], [])).toHaveLength(1);
  });

  it.each<[string, string]>([
    ["upper case", ".GitHub/Workflows/CI.yml"],
    ["a letter that folds, the long s", ".github/workflow\u017f/ci.yml"],
    ["a letter that folds, the Kelvin sign", "Jen\u212Ainsfile"],
    ["a letter that folds, the dotless i", ".g\u0131tattributes"],
    ["a ligature", "Jenkins\uFB01le"],
    ["full width", "\uFF0Enpmrc"],
    ["a zero-width character", "CODE\u200BOWNERS"],
    ["a soft hyphen", "CODE\u00ADOWNERS"],
    ["dots at its end", ".npmrc.."],
    ["a blank at its end", ".github/workflows /ci.yml"],
    ["a stream of NTFS", ".npmrc::$DATA"],
    ["backslashes", ".github\\workflows\\ci.yml"],
    ["a full-width slash", ".github\uFF0Fworkflows/ci.yml"],
  ])("a name with %s", (_, path) => {
    expect(deniedFindings([raw(path)], [])).toHaveLength(1);
  });

  it.each([
    "src/index.ts",
    ".github/dependabot.yml",
    "workflows/ci.yml",
    "docs/github/workflows/x",
    "a.gitignore",
    "CODEOWNERS.md",
    "npmrc",
    "src/pip.conf.ts",
    "...",
    " ",
  ])("not %j", (path) => {
    expect(deniedFindings([raw(path)], [])).toEqual([]);
  });

  it.each([
    [".github/workflows/ci.yml", ".github/workflows/**"],
    [".github/workflows/ci.yml", ".github/workflows/*.yml"],
    [".github/workflows/ci.yml", "**"],
    ["CODEOWNERS", "CODEOWNERS"],
  ])("not %s where allowPaths has %s", (path, pattern) => {
    expect(deniedFindings([raw(path), raw(path, deleted)], [pattern])).toEqual([]);
  });

  it.each([
    [".github/workflows/ci.yml", ".github/workflow/**"],
    [".github/workflows/a/ci.yml", ".github/workflows/*"],
    ["sub/CODEOWNERS", "CODEOWNERS"],
    ["codeowners", "CODEOWNERS"],
  ])("%s still where allowPaths has only %s", (path, pattern) => {
    expect(deniedFindings([raw(path)], [pattern])).toHaveLength(1);
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
