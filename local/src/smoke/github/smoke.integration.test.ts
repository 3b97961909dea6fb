import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { stage } from "../../github/testing/stage.ts";
import type { Stage } from "../../github/testing/stage.ts";

const program = join(import.meta.dirname, "main.ts");
const tokens = { CODYBATCH_GITHUB_WRITE_TOKEN: "ghp_write000" };

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function run(args: readonly string[], environment: Readonly<Record<string, string>>, typed = ""): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env["PATH"], TMPDIR: tmpdir(), ...environment } });
  child.stdin.end(typed);
  const [out, said, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve) => child.once("close", (exit) => resolve(exit ?? -1))),
  ]);
  return { code, output: out + said };
}

const writes = (at: Stage): readonly string[] => at.github.requests.filter((one) => one.writes).map(({ operation }) => operation);

test("it clones, publishes one line, tracks, closes, and leaves no branch and no token behind", async () => {
  await using at = await stage();
  const own = mkdtempSync(join(tmpdir(), "codybatch-"));
  const { code, output } = await run(["--repository", at.remote("acme/api"), "--yes"], {
    ...tokens,
    TMPDIR: own,
    CODYBATCH_GITHUB_READ_TOKEN: "ghp_read0000",
  });
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("The smoke test passed.") });
  expect(output).toMatch(/track: the pull request is open, checks none, review none, (mergeable|unknown), nobody else committed/);
  expect(output).toContain("track after closing: the pull request is closed");
  const { hands, requests } = at.github;
  expect(hands.pull("acme/api", 1)).toMatchObject({ state: "closed", title: "Smoke test of Cody Batch: do not merge" });
  expect(await hands.tip("acme/api", hands.pull("acme/api", 1).head.ref)).toBeUndefined();
  expect(writes(at)).toEqual(["git/push", "pulls/create", "pulls/update", "git/push"]);
  expect(requests.filter(({ token, writes: isWrite }) => token === "read" && isWrite)).toEqual([]);
  expect(requests.filter(({ operation }) => operation === "graphql").map(({ token }) => token)).toContain("read");
  expect(readdirSync(own)).toEqual([]);
  rmSync(own, { recursive: true });
});

test.each([
  ["no", "no\n"],
  ["nothing", ""],
])("it asks before it writes, and %s is a no", async (_what, typed) => {
  await using at = await stage();
  const { code, output } = await run(["--repository", at.remote("acme/api")], tokens, typed);
  expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining("Nothing was written.") });
  expect(output).toContain("opens a pull request into main, closes it and deletes the branch");
  expect(writes(at)).toEqual([]);
});

test("it fails with the reason where the token may not write", async () => {
  await using at = await stage();
  const { code, output } = await run(["--repository", at.remote("acme/api")], { CODYBATCH_GITHUB_WRITE_TOKEN: "ghp_read0000" }, "yes\n");
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining("NotOwned") });
  expect(at.github.pushes).toEqual([]);
});

test.each([
  ["without a token", ["--repository", "https://github.com/acme/api"], {}, "set CODYBATCH_GITHUB_WRITE_TOKEN"],
  ["without a repository", [], tokens, "--repository is needed"],
  ["with a repository that is none", ["--repository", "acme/api"], tokens, "must be like https://github.com/you/sandbox"],
  ["with a token in the URL", ["--repository", "https://x:y@github.com/acme/api"], tokens, "must be like"],
] as const)("%s it says what to do, and asks nobody", async (_what, args, environment, says) => {
  const { code, output } = await run(args, environment);
  expect({ code, output }).toMatchObject({ code: 2, output: expect.stringContaining(says) });
});
