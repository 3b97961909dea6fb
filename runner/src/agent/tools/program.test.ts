import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";

const options = { cwd: tmpdir(), home: tmpdir(), timeoutMs: 60_000, maxBytes: 100_000 };
const node = (script: string, rest: Partial<typeof options> = {}) => runProgram(process.execPath, ["-e", script], { ...options, ...rest });

describe("a program that a tool runs", () => {
  it("gets nothing of our environment", async () => {
    const { stdout } = await node("console.log(JSON.stringify(process.env))");
    expect(Object.keys(JSON.parse(stdout) as object).toSorted()).toEqual(["HOME", "LANG", "LC_ALL", "PATH", "TMPDIR"]);
  });

  it("takes its arguments as they are, without a shell", async () => {
    const { stdout } = await runProgram(process.execPath, ["-e", "console.log(process.argv[1])", "--", "$(id) `id` ; *"], options);
    expect(stdout).toBe("$(id) `id` ; *\n");
  });

  it("is ended when it takes too long or writes too much, and says which", async () => {
    expect(await node("setInterval(() => {}, 1000)", { timeoutMs: 300 })).toMatchObject({ ended: "time", exitCode: undefined });
    const much = await node("for (;;) console.log('x'.repeat(1000))", { maxBytes: 5000 });
    expect(much.ended).toBe("output");
    expect(much.stdout.length).toBeLessThanOrEqual(5000);
  });

  it("that is not there is an error", async () => {
    await expect(runProgram("/nowhere/rg", [], options)).rejects.toThrow("ENOENT");
  });
});
