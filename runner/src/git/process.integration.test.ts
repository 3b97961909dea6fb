import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { git, GitError } from "./index.ts";
import { makeRepository, temporary, writeFiles } from "./testing/repository.ts";

let root: ReturnType<typeof temporary>;
beforeEach(() => {
  root = temporary();
});
afterEach(() => root[Symbol.dispose]());

/** A program as git's child that outlives its welcome; the name is looked for after. */
const sleeper = (seconds: number) => ["-c", `alias.nap=!sleep ${seconds}`, "nap"];

async function fault(run: Promise<unknown>): Promise<GitError> {
  const error = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(GitError);
  return error as GitError;
}

describe("git", () => {
  it("gives output and the expected exit codes", async () => {
    expect((await git(["--version"])).stdout.toString()).toMatch(/^git version/);
    makeRepository(root.path, (d) => writeFiles(d, { a: "a" }));
    const gitDir = join(root.path, ".git");
    expect((await git(["show-ref", "--quiet", "refs/none"], { gitDir, exitCodes: [0, 1] })).exitCode).toBe(1);
  });

  it("rejects with exit code and complaint, without what stands before @ in a URL", async () => {
    const error = await fault(git(["ls-remote", "https://user:secret@127.0.0.1:1/x"], { config: ["protocol.https.allow=always"] }));
    expect(error).toMatchObject({ fault: "exit", exitCode: 128 });
    expect(JSON.stringify([error.args, error.message, error.stderr])).not.toContain("secret");
  });

  it("allows no transport of its own accord", async () => {
    expect((await fault(git(["ls-remote", "https://127.0.0.1:1/x"]))).stderr).toContain("not allowed");
    expect((await fault(git(["ls-remote", root.path]))).stderr).toContain("not allowed");
    expect((await fault(git(["ls-remote", "ext::sh -c true"]))).stderr).toContain("not allowed");
  });

  it("kills git and its children after the time-out", async () => {
    const started = Date.now();
    expect(await fault(git(sleeper(31.4159), { timeoutMs: 200 }))).toMatchObject({ fault: "timeout" });
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain("sleep 31.4159");
  });

  it("kills git when it is called off, even before it began", async () => {
    const abort = new AbortController();
    const running = fault(git(sleeper(32.4159), { signal: abort.signal }));
    abort.abort();
    expect(await running).toMatchObject({ fault: "aborted" });
    expect(await fault(git(sleeper(33.4159), { signal: abort.signal }))).toMatchObject({ fault: "aborted" });
  });

  it("stops at the output cap", async () => {
    expect(await fault(git(["help", "--all"], { maxBytes: 10 }))).toMatchObject({ fault: "output" });
  });

  it("sees only the allowed environment", async () => {
    const shown = (await git(["-c", "alias.xenv=!env", "xenv"], { home: root.path })).stdout.toString();
    const names = shown.split("\n").map((line) => line.split("=")[0] ?? "");
    const own = names.filter((name) => !name.startsWith("GIT_") && name !== "");
    expect(own.toSorted()).toEqual(expect.arrayContaining(["HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "XDG_CONFIG_HOME"]));
    expect(
      own.filter((name) => !["HOME", "LANG", "LC_ALL", "PATH", "PWD", "OLDPWD", "SHLVL", "_", "TMPDIR", "XDG_CONFIG_HOME"].includes(name)),
    ).toEqual([]);
  });
});
