import { describe, expect, it } from "vitest";
import { patchFiles } from "./patch-files.ts";
import { isGenerated, unquotePath } from "./patch-path.ts";

const filesOf = (lines: readonly string[]) => patchFiles(Buffer.from(lines.map((line) => `${line}\n`).join("")));

describe("files of a patch", () => {
  it("cover every byte of it, one after the other", () => {
    const one = [
      "diff --git a/a b/a",
      "index 1..2 100644",
      "--- a/a",
      "+++ b/a",
      "@@ -1,2 +1,2 @@",
      " x",
      "-diff --git a/no b/no",
      "+--- a/no",
    ];
    const two = ["diff --git a/old name b/new name", "similarity index 100%", "rename from old name", "rename to new name"];
    const three = [
      "diff --git a/gone b/gone",
      "deleted file mode 100644",
      "--- a/gone",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-x",
      "\\ No newline at end of file",
    ];
    const patch = [...one, ...two, ...three];
    const files = filesOf(patch);
    expect(files).toMatchObject([
      { path: "a", change: "modified", additions: 1, deletions: 1 },
      { path: "new name", from: "old name", change: "renamed", additions: 0, deletions: 0 },
      { path: "gone", change: "deleted", additions: 0, deletions: 1 },
    ]);
    const total = patch.reduce((sum, line) => sum + line.length + 1, 0);
    expect(files.reduce((end, { offset, bytes }) => (offset === end ? end + bytes : Number.NaN), 0)).toBe(total);
  });

  it("have a path even when nothing but the mode changed, and name binaries", () => {
    expect(filesOf(["diff --git a/run sh b/run sh", "old mode 100644", "new mode 100755"])).toMatchObject([{ path: "run sh" }]);
    expect(filesOf(["diff --git a/i.png b/i.png", "GIT binary patch", "literal 1", "xyz"])).toMatchObject([
      { path: "i.png", binary: true },
    ]);
  });

  it("are none where there is no patch", () => {
    expect([filesOf([]), filesOf(["hello", "@@ -1 +1 @@", "+x"])]).toEqual([[], []]);
  });

  it("are read quickly from a very large patch", () => {
    const hunk = ["--- a/f", "+++ b/f", "@@ -0,0 +1,200000 @@", ...Array.from({ length: 200_000 }, () => "+line")];
    const started = performance.now();
    expect(filesOf(["diff --git a/f b/f", ...hunk])).toMatchObject([{ additions: 200_000 }]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

it.each([
  ["plain", "plain"],
  [String.raw`"tab\there"`, "tab\there"],
  [String.raw`"\303\244\"\\"`, 'ä"\\'],
  ['"', '"'],
])("a quoted path %s is read as git wrote it", (text, path) => {
  expect(unquotePath(text)).toBe(path);
});

it.each([
  ["package-lock.json", true],
  ["web/dist/app.js", true],
  ["src/app.min.js", true],
  ["src/package-lock.ts", false],
  ["distance/a.ts", false],
])("%s is generated: %s", (path, is) => {
  expect(isGenerated(path)).toBe(is);
});
