import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confine, isGitDirectory } from "./confine.ts";
import { ToolError } from "./tool.ts";

const box = realpathSync(mkdtempSync(join(tmpdir(), "codybatch-confine-")));
const root = join(box, "root");
const server = createServer();

beforeAll(async () => {
  mkdirSync(join(root, "sub/deep"), { recursive: true });
  mkdirSync(join(box, "root-beside"));
  writeFileSync(join(box, "secret"), "secret");
  writeFileSync(join(box, "root-beside/file"), "secret");
  writeFileSync(join(root, "file"), "text");
  writeFileSync(join(root, "sub/..."), "text");
  symlinkSync(join(box, "secret"), join(root, "out"));
  symlinkSync(box, join(root, "up"));
  symlinkSync("file", join(root, "inside"));
  symlinkSync("sub", join(root, "folder"));
  symlinkSync("nowhere", join(root, "dangling"));
  symlinkSync(join(box, "new-file"), join(root, "sub/dangling-out"));
  const program = "mkfifo";
  execFileSync(program, [join(root, "pipe")]);
  await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
});
afterAll(() => {
  server.close();
  rmSync(box, { recursive: true });
});

describe("a path is refused", () => {
  it.each([
    ["above the root", "../secret"],
    ["above the root from within", "sub/../../secret"],
    ["with a .. that would stay inside", "sub/../file"],
    ["beside the root with its name as a prefix", "../root-beside/file"],
    ["absolute", "/etc/passwd"],
    ["absolute, the process's environment", "/proc/self/environ"],
    ["with a zero byte", "file\0.txt"],
    ["at a pipe", "pipe"],
    ["at a socket", "socket"],
    ["below a file", "file/below"],
    ["at .git", ".git"],
    ["below .git", ".git/config"],
    ["at hooks of .git", ".git/hooks/pre-commit"],
    ["at .git of a folder", "sub/.git/config"],
    ["at .GIT", ".GIT/config"],
    ["at .git with dots and spaces at its end", ".git. ./config"],
    ["at .git with a stream", ".git::$INDEX_ALLOCATION/config"],
    ["at .git with an invisible character", ".g\u200cit/config"],
    ["at .git in full width", ".ｇｉｔ/config"],
    ["at the short name of .git", "GIT~1/config"],
    ["at .git behind empty parts", "sub//.//.git/config"],
    ["that is very long", `${"a/".repeat(3000)}b`],
    ["with a very long part", "a".repeat(300)],
    ["with a part of few characters and many bytes", "ü".repeat(200)],
    ["with a very long part in a new folder", `new/${"a".repeat(300)}`],
    ["that is very deep", `${"a/".repeat(100)}b`],
  ])("%s", async (_, path) => {
    await expect(confine(root, path)).rejects.toBeInstanceOf(ToolError);
    await expect(confine(root, path)).rejects.not.toThrow(box);
  });
});

describe("a link is not followed", () => {
  it.each([
    ["through a link out", "out"],
    ["through a folder link out", "up/secret"],
    ["through a folder link out to something new", "up/new"],
    ["through a link that stays inside", "inside"],
    ["through a folder link that stays inside", "folder/new"],
    ["at a dangling link", "dangling"],
    ["at a dangling link out, to be made", "sub/dangling-out"],
  ])("%s", async (_, path) => {
    await expect(confine(root, path)).rejects.toThrow(/symbolic link; links are not followed/);
  });
});

describe("a path is found", () => {
  it.each([
    ["a file", "file", "file", "file"],
    ["with ./ before it", "./file", "file", "file"],
    ["with empty parts", "sub//deep/", "sub/deep", "directory"],
    ["the root", "", "", "directory"],
    ["the root as a dot", ".", "", "directory"],
    ["a name of three dots", "sub/...", "sub/...", "file"],
    ["something new", "sub/new", "sub/new", undefined],
    ["something new in new folders", "x/y/z", "x/y/z", undefined],
    ["a name that looks like an option", "-rf", "-rf", undefined],
  ])("%s", async (_, path, relative, entry) => {
    expect(await confine(root, path)).toEqual({ relative, entry, absolute: relative === "" ? root : join(root, relative) });
  });
});

describe("names that are not git's", () => {
  it.each([".github", ".gitignore", ".gitattributes", "git", "x.git", ".git-x", "GIT~2"])("%s", (part) => {
    expect(isGitDirectory(part)).toBe(false);
  });
});
