import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { makePatch } from "../../git/index.ts";
import { makeRepository, makeWorktree, temporary, writeFiles } from "../../git/testing/repository.ts";
import { Toolbox } from "../../toolbox/testing/toolbox.ts";
import { openWorkspace } from "../tools/workspace.ts";
import { adoptFiles } from "./adopt.ts";
import { Checks, isWorse, type Ran } from "./checks.ts";
import { Mailbox } from "./mailbox.ts";

type Files = Readonly<Record<string, string>>;

interface Setting {
  readonly files: Files;
  readonly checks: Readonly<Record<string, Partial<Check> & { readonly command: string[] }>>;
  readonly bootMs?: number;
}

function sh(text: string): { readonly command: string[] } {
  return { command: ["sh", "-c", text] };
}

/** A clone, a toolbox with the same base, and the agent's side of both. */
async function setting({ files, checks, bootMs = 60_000 }: Setting) {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(temporary());
  const toolbox = stack.use(new Toolbox({ files, checks }));
  makeRepository(join(path, "origin"), (directory) => writeFiles(directory, files));
  const worktree = await makeWorktree(path, join(path, "origin"));
  const mailbox = new Mailbox({ directory: toolbox.mailbox, pollMs: 20, bootMs, signal: new AbortController().signal, now: Date.now });
  const all = Object.entries(checks).map(([name, check]) => ({ name, timeout: "60s", required: true, ...check }));
  const workspace = await openWorkspace(worktree, { ripgrep: "rg", tmpDir: path });
  const runner = new Checks({ checks: all, mailbox, worktree, record: async () => undefined });
  return {
    toolbox,
    workspace,
    checks: runner,
    edit: (changed: Files, gone: readonly string[] = []) => {
      for (const name of gone) rmSync(join(worktree.workTree, name), { recursive: true });
      writeFiles(worktree.workTree, changed);
    },
    run: async (name: string, laid: "fresh" | "kept" = "kept") => {
      const { tree } = await makePatch(worktree, path);
      return await runner.run(
        all.find((check) => check.name === name)!,
        tree,
        laid,
      );
    },
    read: (name: string) => readFileSync(join(worktree.workTree, name), "utf8"),
    [Symbol.asyncDispose]: async () => await stack.disposeAsync(),
  };
}

function ran(outcome: Ran): Extract<Ran, { kind: "ran" }> {
  if (outcome.kind !== "ran") throw new Error(outcome.why);
  return outcome;
}

/** Every file of the tree with its content, sorted. */
const show = sh('find . -type f | LC_ALL=C sort | while IFS= read -r f; do printf "%s=%s;" "$f" "$(cat "$f")"; done');

describe("a check on a change", () => {
  it("sees the recorded tree, whatever was changed before", async () => {
    const files = { a: "one", "d/b": "two", "e/c": "three", "f f": "four" };
    await using its = await setting({ files, checks: { show } });
    await its.toolbox.start();
    its.edit({ a: "ONE", d: "now a file", "g/-x 'y'": "new" }, ["d", "f f"]);
    const first = ran(await its.run("show"));
    expect(first.base.output).toBe("./a=one;./d/b=two;./e/c=three;./f f=four;");
    expect(first.run.output).toBe("./a=ONE;./d=now a file;./e/c=three;./g/-x 'y'=new;");
    its.edit({ "d/b": "two", e: "flat" }, ["d", "g", "e"]);
    expect(ran(await its.run("show")).run.output).toBe("./a=ONE;./d/b=two;./e=flat;");
    its.edit({ a: "one", "e/c": "three", "f f": "four" }, ["e"]);
    expect(ran(await its.run("show")).run.output).toBe(first.base.output);
    expect(ran(await its.run("show", "fresh")).run.output).toBe(first.base.output);
  });

  it("runs once on the base, and is worse only where the base passed", async () => {
    const checks = { red: sh("exit 1"), test: sh("echo x >> ../runs; grep -q one a") };
    await using its = await setting({ files: { a: "one" }, checks });
    await its.toolbox.start();
    its.edit({ a: "two" });
    expect(isWorse(ran(await its.run("test")))).toBe(true);
    const again = ran(await its.run("test"));
    expect(again.run).toMatchObject({ passed: false, ended: "exit", exitCode: 1 });
    expect(readFileSync(join(its.toolbox.root, "toolbox/runs"), "utf8")).toBe("x\nx\nx\n");
    expect(isWorse(ran(await its.run("red")))).toBe(false);
    expect(its.checks.failingOnBase).toEqual(["red"]);
  });

  it("is run once more when the toolbox began anew meanwhile", async () => {
    const checks = { once: sh("if [ -e ../../mark ]; then echo again; else touch ../../mark; sleep 600; fi") };
    await using its = await setting({ files: { a: "one" }, checks });
    await its.toolbox.start();
    const running = its.run("once");
    await expect.poll(() => exists(join(its.toolbox.root, "mark")), { timeout: 20_000 }).toBe(true);
    await its.toolbox.kill();
    await its.toolbox.start();
    expect(ran(await running).run).toMatchObject({ passed: true, output: "again\n" });
  });
});

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

describe("a toolbox that is not what it should be", () => {
  it("is named when it does not start", async () => {
    await using its = await setting({ files: { a: "" }, checks: { show }, bootMs: 100 });
    expect(await its.run("show")).toEqual({ kind: "unavailable", why: "It did not start in time." });
  });

  it("is named when its image lacks a program", async () => {
    await using its = await setting({ files: { a: "" }, checks: { show } });
    writeFileSync(join(its.toolbox.mailbox, "boot"), "boot 1\nlacks find tar\n");
    expect(await its.run("show")).toEqual({ kind: "unavailable", why: "Its image lacks find tar." });
  });

  it.each([
    ["a link as its boot", (mailbox: string) => symlinkSync("/etc/passwd", join(mailbox, "boot"))],
    ["a folder as its boot", (mailbox: string) => mkdirSync(join(mailbox, "boot"))],
    ["a boot that is too large", (mailbox: string) => writeFileSync(join(mailbox, "boot"), "x".repeat(5000))],
  ])("is refused with %s", async (_, leave) => {
    await using its = await setting({ files: { a: "" }, checks: { show } });
    leave(its.toolbox.mailbox);
    expect(await its.run("show")).toMatchObject({ kind: "unavailable", why: expect.stringContaining("something else than a file") });
  });

  it("cannot keep a request out by what lies in its place, nor lead it elsewhere", async () => {
    await using its = await setting({ files: { a: "one" }, checks: { show } });
    const { mailbox, root } = its.toolbox;
    mkdirSync(join(mailbox, "request.tar/full"), { recursive: true });
    writeFileSync(join(root, "victim"), "unharmed");
    symlinkSync(join(root, "victim"), join(mailbox, "request"));
    mkdirSync(join(mailbox, "result/full"), { recursive: true });
    await its.toolbox.start();
    expect(ran(await its.run("show")).run.output).toBe("./a=one;");
    expect(readFileSync(join(root, "victim"), "utf8")).toBe("unharmed");
  });
});

describe("files that a check adopts", () => {
  it("are written into the work tree where they may be, and are told where not", async () => {
    const files = { ".gitignore": "ignored\n", "src/a": "a", "src/same": "same", "docs/d": "d" };
    const write = "for f in src/a src/new docs/d src/ignored; do echo made > $f; done; echo same > src/x; printf same > src/same";
    await using its = await setting({ files, checks: { fix: { ...sh(write), adopt: ["src/**"] } } });
    await its.toolbox.start();
    const { run } = ran(await its.run("fix"));
    const adopted = await adoptFiles(its.workspace, its.checks.all[0]!, run.archive);
    expect(adopted.written.toSorted()).toEqual(["src/a", "src/new", "src/x"]);
    expect([...its.workspace.touched].toSorted()).toEqual(["src/a", "src/new", "src/x"]);
    expect(adopted.refused).toEqual([expect.stringContaining("src/ignored: src/ignored is ignored by git")]);
    expect([its.read("src/a"), its.read("src/new"), its.read("docs/d")]).toEqual(["made\n", "made\n", "d"]);
  });

  it("are none where the archive is not what it must be", async () => {
    await using its = await setting({ files: { a: "" }, checks: { fix: { ...sh("true"), adopt: ["**"] } } });
    const adopted = await adoptFiles(its.workspace, its.checks.all[0]!, Buffer.from("no archive"));
    expect(adopted).toEqual({ written: [], refused: ["nothing is taken over: the archive is cut off"] });
  });
});
