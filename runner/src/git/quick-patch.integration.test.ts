import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePatch } from "./index.ts";
import { QuickPatch } from "./quick-patch.ts";
import { oddNames, RandomChanges, seeded } from "./testing/random-changes.ts";
import { makeRepository, makeWorktree, plainGit, temporary, writeFiles } from "./testing/repository.ts";
import { UnusualChange } from "./unusual.ts";
import type { Worktree } from "./worktree.ts";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
});
afterEach(() => root[Symbol.dispose]());

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index}\n`).join("");
}

async function prepare(fill: (directory: string) => void): Promise<Worktree> {
  makeRepository(join(root.path, "origin"), fill);
  return await makeWorktree(root.path, join(root.path, "origin"));
}

function fillOdd(directory: string): void {
  writeFiles(directory, { "a/b": lines(40), "a/a.c": "c\n", "ünï/ünï/é世🙂": "u\n", b: lines(30), "-rf": "", 'q"uote/*': "q\n" });
  writeFiles(directory, { ".gitattributes": "* text eol=crlf diff=evil\n", "kept/untouched": "k\n" });
  writeFileSync(join(directory, "run"), "#!/bin/sh\n", { mode: 0o755 });
  symlinkSync("b", join(directory, "link"));
}

describe("the quick patch", () => {
  it.each([1, 2, 3])("is byte for byte that of the whole work tree after each of many random changes (seed %i)", async (seed) => {
    const worktree = await prepare(fillOdd);
    using quick = await QuickPatch.open(worktree, root.path);
    const random = seeded(seed);
    const changes = new RandomChanges(worktree.workTree, random, oddNames);
    let { tree } = await makePatch(worktree, root.path);
    for (let step = 0; step < 80; step += 1) {
      const touched = new Set<string>();
      for (let count = random(4); count >= 0; count -= 1) {
        const { paths, make } = changes.next();
        for (const path of paths) touched.add(path);
        make();
      }
      const made = await quick.make(tree, touched);
      expect(made, `step ${step}: ${JSON.stringify([...touched])}`).toEqual(await makePatch(worktree, root.path));
      tree = made.tree;
    }
  });

  it("is empty after a file was changed and changed back", async () => {
    const worktree = await prepare((d) => writeFiles(d, { "a/b": "b\n" }));
    using quick = await QuickPatch.open(worktree, root.path);
    const { tree } = await makePatch(worktree, root.path);
    writeFiles(worktree.workTree, { "a/b": "c\n" });
    const changed = await quick.make(tree, ["a/b"]);
    writeFiles(worktree.workTree, { "a/b": "b\n" });
    expect(await quick.make(changed.tree, ["a/b"])).toEqual(await makePatch(worktree, root.path));
  });

  it("follows a mode, and keeps a link a link", async () => {
    const worktree = await prepare(fillOdd);
    using quick = await QuickPatch.open(worktree, root.path);
    const { tree } = await makePatch(worktree, root.path);
    chmodSync(join(worktree.workTree, "b"), 0o755);
    rmSync(join(worktree.workTree, "link"));
    const without = await quick.make(tree, ["b", "link"]);
    expect(without).toEqual(await makePatch(worktree, root.path));
    writeFiles(worktree.workTree, { link: "elsewhere" });
    const made = await quick.make(without.tree, ["link"]);
    expect(made).toEqual(await makePatch(worktree, root.path));
    expect(made.patch.toString()).toContain("120000");
  });

  it("is right where git names objects by SHA-256", async () => {
    const origin = join(root.path, "origin");
    mkdirSync(origin);
    plainGit(origin, "init", "--quiet", "--object-format=sha256");
    const worktree = await prepare((d) => writeFiles(d, { "a/b": "b\n" }));
    using quick = await QuickPatch.open(worktree, root.path);
    const { tree } = await makePatch(worktree, root.path);
    writeFiles(worktree.workTree, { "a/b": "c\n" });
    expect(tree).toHaveLength(64);
    expect(await quick.make(tree, ["a/b"])).toEqual(await makePatch(worktree, root.path));
  });

  it("writes objects that git takes for whole", async () => {
    const worktree = await prepare(fillOdd);
    using quick = await QuickPatch.open(worktree, root.path);
    const { tree } = await makePatch(worktree, root.path);
    writeFiles(worktree.workTree, { "a/b": lines(5000), "x/y/z": "", "a.c": "c" });
    const made = await quick.make(tree, ["a/b", "x/y/z", "a.c"]);
    expect(plainGit(worktree.gitDir, "fsck", "--strict", made.tree)).not.toMatch(/error|missing|broken/);
  });

  it.each([
    ["a rule of what is ignored", ".gitignore"],
    ["such a rule further down", "sub/.GitIgnore"],
    ["a disguised folder of git", "sub/.g\u200Cit/x"],
    ["a backslash", "sub\\x"],
    ["something in a submodule", "module/x"],
    ["a submodule", "module"],
    ["all that there is", "only"],
  ])("is not made of %s", async (_, path) => {
    const worktree = await prepare((d) => {
      writeFiles(d, { only: "" });
      plainGit(d, "add", "--all");
      if (path.startsWith("module")) plainGit(d, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module`);
      mkdirSync(join(d, "module"));
    });
    using quick = await QuickPatch.open(worktree, root.path);
    const { tree } = await makePatch(worktree, root.path);
    rmSync(join(worktree.workTree, "only"));
    await expect(quick.make(tree, [path])).rejects.toThrow(UnusualChange);
  });

  it.each(["core.filemode false", "core.ignorecase true", "core.sparsecheckout true"])("is not made where %s", async (setting) => {
    const worktree = await prepare((d) => writeFiles(d, { a: "" }));
    plainGit(worktree.gitDir, "config", ...setting.split(" "));
    await expect(QuickPatch.open(worktree, root.path)).rejects.toThrow("settings");
  });
});
