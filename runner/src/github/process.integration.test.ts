import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Stage, stage } from "../../../local/src/github/testing/stage.ts";
import { temporary } from "../git/testing/repository.ts";
import { recorder } from "./testing/looking.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const common = {
  version: 1,
  namespace: "team-a",
  batchChange: { name: "b", uid: "uid-b" },
  storage: { type: "ConfigMap", maxBytes: 1_000_000 },
};
const pull = { changeset: "b-1", repository: "acme/api", number: 1, publishedSHA: "a".repeat(40) };

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly result: unknown;
}

/** The command as a Job runs it, with nothing in its environment but its settings. */
async function run(at: Stage, command: string, input: object): Promise<Ended> {
  using root = temporary("codybatch-look-");
  const folder = (name: string): string => join(root.path, name);
  for (const name of ["input", "github-read", "out"]) mkdirSync(folder(name));
  writeFileSync(join(folder("input"), "input.json"), JSON.stringify({ ...common, githubURL: at.github.url, ...input }));
  writeFileSync(join(folder("github-read"), "token"), at.github.token("read")!.text);
  await using _ = await recorder(folder("out"));
  const env = {
    PATH: process.env["PATH"],
    CODYBATCH_INPUT_DIR: folder("input"),
    CODYBATCH_GITHUB_READ_DIR: folder("github-read"),
    CODYBATCH_OUT_DIR: folder("out"),
  };
  const { code, stderr } = await new Promise<Omit<Ended, "result">>((resolve) => {
    const child = execFile(process.execPath, [main, command], { env }, (_error, __, text) =>
      resolve({ code: child.exitCode, stderr: text }),
    );
  });
  return { code, stderr, result: code === 0 ? JSON.parse(readFileSync(join(folder("out"), "result.json"), "utf8")) : undefined };
}

it.each([
  [
    "discover",
    { task: "discover", selector: { search: "org:acme" }, repositoryPatterns: ["**"], maxRepositories: 5 },
    { kind: "Discovered" },
  ],
  ["track", { task: "track", pullRequests: [pull] }, { kind: "Tracked" }],
])("runner %s writes its result and ends when the recorder has stored it", async (command, input, outcome) => {
  await using at = await stage({ edition: "enterprise" });
  const { code, stderr, result } = await run(at, command, input);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`"component":"${command}"`) as string });
  expect(result).toMatchObject({ version: 1, task: command, outcome });
  expect(at.github.requests.every(({ token, writes }) => token === "read" && !writes)).toBe(true);
});

it("an input of another task is refused", async () => {
  await using at = await stage();
  const { code, stderr } = await run(at, "track", { task: "discover", pullRequests: [] });
  expect(code).toBe(1);
  expect(stderr).toContain("input.json: task");
});
