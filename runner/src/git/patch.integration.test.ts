import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPatch, isIgnored, listEntries, listFiles, makePatch } from "./index.ts";
import { makeRepository, makeWorktree, plainGit, temporary, writeBytes, writeFiles } from "./testing/repository.ts";
import type { Worktree } from "./worktree.ts";

const latin1Name = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
const binary = Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256));

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
});
afterEach(() => root[Symbol.dispose]());

async function prepare(fill: (directory: string) => void): Promise<Worktree> {
  makeRepository(join(root.path, "origin"), fill);
  return await makeWorktree(root.path, join(root.path, "origin"));
}

/** The user's side: an ordinary clone of the base, `git apply`, and the tree that comes out. */
function treeOnFreshClone(patch: Buffer): string {
  const fresh = join(root.path, "fresh");
  rmSync(fresh, { recursive: true, force: true });
  plainGit(root.path, "clone", "--quiet", join(root.path, "origin"), fresh);
  writeFileSync(join(root.path, "change.patch"), patch);
  plainGit(fresh, "apply", "--index", "../change.patch");
  return plainGit(fresh, "write-tree");
}

const changes: readonly (readonly [string, (directory: string) => void, (directory: string) => void])[] = [
  ["text is edited", (d) => writeFiles(d, { "a.txt": "one\ntwo\n" }), (d) => writeFiles(d, { "a.txt": "one\n2\n" })],
  [
    "a binary file is edited",
    (d) => writeFiles(d, { b: binary }),
    (d) => writeFiles(d, { b: Buffer.concat([binary.subarray(9), binary]) }),
  ],
  ["a binary file is added", (d) => writeFiles(d, { a: "a" }), (d) => writeFiles(d, { "new.bin": binary })],
  ["a binary file is deleted", (d) => writeFiles(d, { b: binary }), (d) => rmSync(join(d, "b"))],
  ["line ends are CRLF", (d) => writeFiles(d, { c: "a\r\nb\r\nc\r\n" }), (d) => writeFiles(d, { c: "a\r\nB\r\nc\r\n" })],
  ["line ends become LF", (d) => writeFiles(d, { c: "a\r\nb\r\n" }), (d) => writeFiles(d, { c: "a\nb\n" })],
  ["line ends are mixed and lone", (d) => writeFiles(d, { c: "a\rb\r\nc\n\r" }), (d) => writeFiles(d, { c: "a\rb\nc\r\n\r\r" })],
  ["the last newline goes", (d) => writeFiles(d, { n: "a\nb\n" }), (d) => writeFiles(d, { n: "a\nb" })],
  ["the last newline comes", (d) => writeFiles(d, { n: "a\nb" }), (d) => writeFiles(d, { n: "a\nb\n" })],
  ["an empty file is added", (d) => writeFiles(d, { a: "a" }), (d) => writeFiles(d, { "deep/er/empty": "" })],
  ["an empty file is deleted", (d) => writeFiles(d, { e: "", a: "" }), (d) => rmSync(join(d, "e"))],
  ["a file becomes empty", (d) => writeFiles(d, { a: "a\n" }), (d) => writeFiles(d, { a: "" })],
  ["a file becomes executable", (d) => writeFiles(d, { x: "#!/bin/sh\n" }), (d) => chmodSync(join(d, "x"), 0o755)],
  ["an executable file is added", (d) => writeFiles(d, { a: "" }), (d) => writeFileSync(join(d, "x"), "x\n", { mode: 0o755 })],
  ["a file is moved and edited", (d) => writeFiles(d, { a: lines(40) }), (d) => move(d, "a", "b/c", `${lines(40)}end\n`)],
  ["a binary file is moved", (d) => writeFiles(d, { a: binary }), (d) => move(d, "a", "b/c", binary)],
  ["a file becomes a folder", (d) => writeFiles(d, { a: "a\n" }), (d) => (rmSync(join(d, "a")), writeFiles(d, { "a/b": "b\n" }))],
  [
    "a folder becomes a file",
    (d) => writeFiles(d, { "a/b": "b\n" }),
    (d) => (rmSync(join(d, "a"), { recursive: true }), writeFiles(d, { a: "a" })),
  ],
  ["a name is not UTF-8", (d) => writeBytes(d, latin1Name, "a\n"), (d) => writeBytes(d, latin1Name, "b\n")],
  [
    "names hold blanks, quotes, newlines",
    (d) => writeFiles(d, { ' "q"\n\t\\': "a\n" }),
    (d) => writeFiles(d, { ' "q"\n\t\\': "b\n", " ": "x" }),
  ],
  [
    "names look like options or globs",
    (d) => writeFiles(d, { "-rf": "a\n", "*": "s\n" }),
    (d) => writeFiles(d, { "-rf": "b\n", "*": "t\n", ":(top)": "" }),
  ],
  ["a symbolic link gets another target", (d) => symlinkSync("here", join(d, "l")), (d) => writeFiles(d, { l: "there" })],
  ["a symbolic link is deleted", (d) => (symlinkSync("../..", join(d, "l")), writeFiles(d, { a: "a" })), (d) => rmSync(join(d, "l"))],
  [
    "content looks like a patch",
    (d) => writeFiles(d, { p: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n" }),
    (d) => writeFiles(d, { p: "--- a/x\n-- \n@@ -1,9 @@" }),
  ],
  [
    "the text is UTF-16",
    (d) => writeFiles(d, { u: Buffer.from("a\nb\n", "utf16le") }),
    (d) => writeFiles(d, { u: Buffer.from("a\nc\n", "utf16le") }),
  ],
];

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index}\n`).join("");
}

function move(directory: string, from: string, to: string, content: string | Buffer): void {
  mkdirSync(join(directory, to, ".."), { recursive: true });
  renameSync(join(directory, from), join(directory, to));
  writeFileSync(join(directory, to), content);
}

describe("a patch applies to a fresh clone with git apply and gives the recorded tree when", () => {
  it.each(changes)("%s", async (_, before, after) => {
    const worktree = await prepare(before);
    after(worktree.workTree);
    const made = await makePatch(worktree, root.path);
    expect(made.patch.length).toBeGreaterThan(0);
    expect(made.filesChanged).toBeGreaterThan(0);
    expect(treeOnFreshClone(made.patch)).toBe(made.tree);
  });

  it.each(changes)("applied again as a stored patch: %s", async (_, before, after) => {
    const worktree = await prepare(before);
    after(worktree.workTree);
    const made = await makePatch(worktree, root.path);
    const second = await makeWorktree(join(root.path, "second"), join(root.path, "origin"));
    await applyPatch(second, made.patch, root.path);
    expect((await makePatch(second, root.path)).patch).toEqual(made.patch);
  });
});

const attributes: readonly (readonly [string, string])[] = [
  ["hides text with -diff", "* -diff\n"],
  ["calls text binary", "* binary\n"],
  ["names a filter", "* filter=lfs\n"],
  ["names a diff driver", "* diff=evil\n"],
  ["asks for CRLF", "* text eol=crlf\n"],
  ["asks for ident", "* ident\n"],
  ["asks for another encoding", "* working-tree-encoding=UTF-16LE\n"],
  ["makes whitespace an error", "* whitespace=trailing-space,cr-at-eol\n"],
];

describe("bytes stay exact and nothing is hidden when the repository's .gitattributes", () => {
  it.each(attributes)("%s", async (_, text) => {
    const worktree = await prepare((d) => writeFiles(d, { a: "$Id$\nold\n", b: "untouched $Id$\n" }));
    writeFiles(worktree.workTree, { ".gitattributes": text, "sub/.gitattributes": text, a: "$Id$ \r\nnew\n" });
    const made = await makePatch(worktree, root.path);
    const patch = made.patch.toString();
    expect(patch).toContain("+$Id$ \r\n+new\n");
    expect(patch).not.toContain("untouched");
    expect(patch).not.toContain("Binary");
    expect(readFileSync(join(worktree.workTree, "b"), "utf8")).toBe("untouched $Id$\n");
  });
});

describe("makePatch", () => {
  it("gives an empty patch and the base's tree when nothing differs", async () => {
    const worktree = await prepare((d) => writeFiles(d, { a: "a\n" }));
    const made = await makePatch(worktree, root.path);
    expect(made).toMatchObject({
      filesChanged: 0,
      additions: 0,
      deletions: 0,
      tree: plainGit(worktree.gitDir, "rev-parse", "HEAD^{tree}"),
    });
    expect(made.patch).toHaveLength(0);
  });

  it("counts files and lines, a move as one file", async () => {
    const worktree = await prepare((d) => writeFiles(d, { a: lines(40), b: "1\n2\n" }));
    move(worktree.workTree, "a", "c", `${lines(40)}more\n`);
    writeFiles(worktree.workTree, { b: "1\n", d: "x\ny\n" });
    expect(await makePatch(worktree, root.path)).toMatchObject({ filesChanged: 3, additions: 3, deletions: 1 });
  });

  it("is the same bytes each time, leaves the index alone and nothing behind", async () => {
    const worktree = await prepare((d) => writeFiles(d, { a: "a\n" }));
    writeFiles(worktree.workTree, { a: "b\n", c: "c\n" });
    const index = readFileSync(join(worktree.gitDir, "index"));
    const tmp = join(root.path, "tmp");
    mkdirSync(tmp);
    expect(await makePatch(worktree, tmp)).toEqual(await makePatch(worktree, tmp));
    expect(readFileSync(join(worktree.gitDir, "index"))).toEqual(index);
    expect(existsSync(join(worktree.gitDir, "index.lock"))).toBe(false);
    expect(readdirSync(tmp)).toEqual([]);
  });

  it("works without any index in the git directory", async () => {
    const worktree = await prepare((d) => writeFiles(d, { a: "a\n" }));
    rmSync(join(worktree.gitDir, "index"));
    writeFiles(worktree.workTree, { a: "b\n" });
    expect((await makePatch(worktree, root.path)).filesChanged).toBe(1);
  });

  it("keeps tracked files that an ignore rule matches, leaves ignored new ones out", async () => {
    const worktree = await prepare((d) => {
      writeFiles(d, { "kept.log": "a\n" });
      plainGit(d, "add", "kept.log");
      writeFiles(d, { ".gitignore": "*.log\n" });
    });
    writeFiles(worktree.workTree, { "kept.log": "b\n", "new.log": "n\n" });
    const made = await makePatch(worktree, root.path);
    expect(made.patch.toString()).toContain("kept.log");
    expect(made.patch.toString()).not.toContain("new.log");
  });

  it("leaves a submodule entry as it is", async () => {
    const worktree = await prepare((d) => {
      writeFiles(d, { a: "a\n" });
      plainGit(d, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`);
      mkdirSync(join(d, "sub"));
    });
    writeFiles(worktree.workTree, { a: "b\n", "sub/x": "x\n" });
    const made = await makePatch(worktree, root.path);
    expect(made.filesChanged).toBe(1);
    expect(await isIgnored(worktree, "sub/x")).toBe(true);
    expect(await listFiles(worktree)).toEqual(["a"]);
  });

  it("runs no hook, filter, driver or monitor that the work tree or a nested repository names", async () => {
    const worktree = await prepare((d) => writeFiles(d, { a: "a\n", "sub/b": "b\n" }));
    const proof = join(root.path, "executed");
    plainGit(worktree.gitDir, "config", "filter.evil.clean", `touch ${proof}; cat`);
    plainGit(worktree.gitDir, "config", "diff.evil.command", `touch ${proof}`);
    plainGit(worktree.gitDir, "config", "diff.evil.textconv", `touch ${proof}; cat`);
    plainGit(worktree.gitDir, "config", "core.fsmonitor", `touch ${proof}`);
    writeFiles(worktree.workTree, { ".gitattributes": "* filter=evil diff=evil\n", a: "c\n" });
    const nested = join(worktree.workTree, "nested");
    makeRepository(nested, (d) => writeFiles(d, { n: "n\n" }));
    plainGit(nested, "config", "core.fsmonitor", `touch ${proof}`);
    plainGit(nested, "config", "core.hooksPath", join(root.path));
    writeFiles(nested, { n: "changed\n" });
    await makePatch(worktree, root.path);
    await makePatch(worktree, root.path);
    await listEntries(worktree);
    expect(existsSync(proof)).toBe(false);
  });
});

describe("listEntries", () => {
  it("names what is there by kind, without ignored, deleted and unnameable files", async () => {
    const worktree = await prepare((d) => {
      writeFiles(d, { ".gitignore": "out/\n", plain: "a", gone: "g", "deep/é": "e" });
      writeFileSync(join(d, "run"), "x", { mode: 0o755 });
      symlinkSync("plain", join(d, "link"));
      writeBytes(d, latin1Name, "x");
    });
    rmSync(join(worktree.workTree, "gone"));
    writeFiles(worktree.workTree, { "out/x": "x", "new file": "n" });
    const { entries, unnameable } = await listEntries(worktree);
    expect(Object.fromEntries(entries.map(({ path, kind }) => [path, kind]))).toEqual({
      ".gitignore": "file",
      "deep/é": "file",
      link: "symlink",
      "new file": "untracked",
      plain: "file",
      run: "executable",
    });
    expect(unnameable).toBe(1);
    expect(readFileSync(join(worktree.workTree, "link"), "utf8")).toBe("plain");
  });
});

describe("isIgnored", () => {
  it.each([
    ["out/x", true],
    ["a.log", true],
    ["tracked.log", false],
    ["tracked.log/x", true],
    [":(top)x", false],
    ["src/new.ts", false],
    [".git/config", true],
    ["sub/.GIT/hooks/x", true],
    ["*.log", true],
    ["-n", false],
    ["deep/keep/x", false],
  ])("%s: %s", async (path, expected) => {
    const worktree = await prepare((d) => {
      writeFiles(d, { "tracked.log": "" });
      plainGit(d, "add", "tracked.log");
      writeFiles(d, { ".gitignore": "out/\n*.log\n" });
    });
    expect(await isIgnored(worktree, path)).toBe(expected);
  });
});
