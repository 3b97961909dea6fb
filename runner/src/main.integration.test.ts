import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number; stderr: string }> {
  return await new Promise((resolve) => {
    const options = { env: { PATH: process.env["PATH"], ...env } };
    const child = execFile(process.execPath, [main, ...args], options, (_, __, stderr) => resolve({ code: child.exitCode ?? -1, stderr }));
  });
}

describe("the runner's command line", () => {
  it.each([[[]], [["deploy"]], [["clone", "now"]], [["constructor"]]])("refuses %j and says what there is", async (args) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^usage: runner clone \| agent \| publish \| [a-z |]+\n/);
  });

  it("names every variable that is missing or wrong", async () => {
    const { code, stderr } = await run(["record"], { POD_NAME: "p", CODYBATCH_POLL_SECONDS: "soon", CODYBATCH_API_URL: "ftp://x" });
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      problems: expect.arrayContaining([
        "CODYBATCH_INPUT_DIR: must name a folder",
        "POD_UID: must be set",
        "CODYBATCH_POLL_SECONDS: must be a number of seconds",
        "CODYBATCH_API_URL: must be an http:// or https:// URL",
      ]),
    });
  });

  it("says what is wrong with the input", async () => {
    const names = ["INPUT", "GITHUB_READ", "GIT", "WORKSPACE", "OUT", "TMP"].map((name) => `CODYBATCH_${name}_DIR`);
    const { code, stderr } = await run(["clone"], Object.fromEntries(names.map((name) => [name, "/nonexistent"])));
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ err: { message: "input.json is missing" } });
  });
});
