import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isIgnored, makePatch, Patcher } from "./index.ts";
import { oddNames, RandomChanges, seeded } from "./testing/random-changes.ts";
import { makeRepository, makeWorktree, temporary, writeFiles } from "./testing/repository.ts";
import type { Worktree } from "./worktree.ts";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
});
afterEach(() => root[Symbol.dispose]());

interface Scene extends Disposable {
  readonly worktree: Worktree;
  readonly touched: Set<string>;
  readonly patcher: Patcher;
  /** Writes as a tool does. */
  readonly write: (path: string, content: string) => void;
}

async function open(): Promise<Scene> {
  makeRepository(join(root.path, "origin"), (d) => writeFiles(d, { "a/b": "b\n", c: "c\n" }));
  const worktree = await makeWorktree(root.path, join(root.path, "origin"));
  const touched = new Set<string>();
  const patcher = new Patcher({ worktree, tmpDir: root.path, touched });
  const write = (path: string, content: string): void => {
    touched.add(path);
    writeFiles(worktree.workTree, { [path]: content });
  };
  return { worktree, touched, patcher, write, [Symbol.dispose]: () => patcher[Symbol.dispose]() };
}

/** Two refreshes: the first is of the whole work tree, the second opens the quick way. */
async function openQuick(): Promise<Scene> {
  const scene = await open();
  await scene.patcher.refresh();
  scene.write("c", "quick\n");
  await scene.patcher.refresh();
  return scene;
}

/** The gits of this process that stay, by their command. */
function gitsThatStay(): ReadonlyMap<string, number> {
  const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" }).split("\n");
  return new Map(
    children.flatMap((line) => {
      const name = /cat-file|diff-tree/.exec(line)?.[0];
      return name === undefined ? [] : [[name, Number.parseInt(line, 10)] as const];
    }),
  );
}

describe("a refresh", () => {
  it("looks at the touched paths alone, once the whole was seen", async () => {
    using scene = await openQuick();
    writeFiles(scene.worktree.workTree, { untold: "u\n" });
    scene.write("a/b", "2\n");
    const quick = (await scene.patcher.refresh()).patch.toString();
    expect(quick).toContain("+2\n");
    expect(quick).not.toContain("untold");
    expect((await scene.patcher.whole()).patch.toString()).toContain("untold");
  });

  it("is of the whole work tree the first time, as in a run that goes on with an earlier try's change", async () => {
    using scene = await open();
    writeFiles(scene.worktree.workTree, { earlier: "e\n" });
    expect((await scene.patcher.refresh()).patch.toString()).toContain("earlier");
    scene.write("c", "2\n");
    expect(await scene.patcher.refresh()).toEqual(await makePatch(scene.worktree, root.path));
  });

  it("is of the whole work tree when a rule of what is ignored changed, and quick again after", async () => {
    using scene = await openQuick();
    scene.write("made.log", "m\n");
    expect((await scene.patcher.refresh()).patch.toString()).toContain("made.log");
    scene.write(".gitignore", "*.log\n");
    expect((await scene.patcher.refresh()).patch.toString()).not.toContain("made.log");
    writeFiles(scene.worktree.workTree, { untold: "u\n" });
    scene.write("c", "3\n");
    expect((await scene.patcher.refresh()).patch.toString()).not.toContain("untold");
  });

  it("keeps a touched path for the next one when the whole way fails", async () => {
    using scene = await openQuick();
    const { gitDir } = scene.worktree;
    scene.write(".gitignore", "");
    scene.write("c", "late\n");
    const head = readFileSync(join(gitDir, "HEAD"));
    rmSync(join(gitDir, "HEAD"));
    await expect(scene.patcher.refresh()).rejects.toThrow("git");
    writeFiles(gitDir, { HEAD: head });
    expect(await scene.patcher.refresh()).toEqual(await makePatch(scene.worktree, root.path));
  });

  it.each([1, 2])(
    "is as the whole after each of many random changes, ignore rules and paths that git minds among them (seed %i)",
    async (seed) => {
      using scene = await open();
      const { worktree, touched, patcher } = scene;
      const random = seeded(seed);
      const changes = new RandomChanges(worktree.workTree, random, [...oddNames, ".gitignore", "line 0", "back\\slash"]);
      for (let step = 0; step < 60; step += 1) {
        for (let count = random(4); count >= 0; count -= 1) {
          const { paths, make } = changes.next();
          const ignored = await Promise.all(paths.map((path) => isIgnored(worktree, path)));
          if (ignored.includes(true)) continue;
          for (const path of paths) touched.add(path);
          make();
        }
        expect(await patcher.refresh(), `step ${step}`).toEqual(await makePatch(worktree, root.path));
      }
    },
  );
});

describe("a git that stays", () => {
  it.each(["cat-file", "diff-tree"])("%s may die between two refreshes", async (name) => {
    using scene = await openQuick();
    process.kill(gitsThatStay().get(name)!, "SIGKILL");
    scene.write("a/b", "2\n");
    expect(await scene.patcher.refresh()).toEqual(await makePatch(scene.worktree, root.path));
  });

  it.each(["cat-file", "diff-tree"])("%s may die within one", async (name) => {
    using scene = await openQuick();
    const pid = gitsThatStay().get(name)!;
    // Stopped, it takes the request and does not answer.
    process.kill(pid, "SIGSTOP");
    scene.write("new/folder/file", "2\n");
    scene.write("a/b", "2\n");
    const refreshed = scene.patcher.refresh();
    process.kill(pid, "SIGKILL");
    expect(await refreshed).toEqual(await makePatch(scene.worktree, root.path));
    scene.write("a/b", "3\n");
    expect(await scene.patcher.refresh()).toEqual(await makePatch(scene.worktree, root.path));
  });

  it("ends with the patcher, and with a fault of another", async () => {
    const scene = await openQuick();
    expect([...gitsThatStay().keys()].toSorted()).toEqual(["cat-file", "diff-tree"]);
    process.kill(gitsThatStay().get("diff-tree")!, "SIGKILL");
    scene.write("a/b", "2\n");
    await scene.patcher.refresh();
    await expect.poll(() => gitsThatStay().size, { timeout: 60_000 }).toBe(0);
    scene[Symbol.dispose]();
  });

  it("is not asked again after the patcher was disposed of", async () => {
    const scene = await openQuick();
    scene[Symbol.dispose]();
    scene.write("a/b", "2\n");
    expect(await scene.patcher.refresh()).toEqual(await makePatch(scene.worktree, root.path));
    await expect.poll(() => gitsThatStay().size, { timeout: 60_000 }).toBe(0);
  });

  it.each([
    ["is opened", open],
    ["is asked", openQuick],
  ])("ends, and the patch is whole all the same, when the patcher is disposed of while it %s", async (_, prepare) => {
    const scene = await prepare();
    await scene.patcher.refresh();
    scene.write("a/b", "2\n");
    const refreshed = scene.patcher.refresh();
    scene[Symbol.dispose]();
    expect(await refreshed).toEqual(await makePatch(scene.worktree, root.path));
    await expect.poll(() => gitsThatStay().size, { timeout: 60_000 }).toBe(0);
  });

  it("shows a change of many megabytes whole", async () => {
    using scene = await openQuick();
    for (let file = 0; file < 12; file += 1) scene.write(`large/${file}`, `line of ${file}\n`.repeat(80_000));
    const made = await scene.patcher.refresh();
    expect(made.patch.length).toBeGreaterThan(10 * 1024 * 1024);
    expect(made.patch.equals((await makePatch(scene.worktree, root.path)).patch)).toBe(true);
  });
});

it("a patch beyond the largest is refused with the fault that the whole way gives", async () => {
  using scene = await openQuick();
  for (let file = 0; file < 5; file += 1) scene.write(`large/${file}`, "x".repeat(15 * 1024 * 1024));
  await expect(scene.patcher.refresh()).rejects.toMatchObject({ fault: "output" });
});
