import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";

const program = join(import.meta.dirname, "main.ts");
let dir = "";

const good = {
  apiVersion: "codybatch.dev/v1alpha1",
  kind: "BatchChange",
  metadata: { name: "notes" },
  spec: { prompt: "Add notes", repositories: [{ url: "https://github.com/acme/api" }] },
};
const checks = [{ name: "test", command: ["npm", "test"] }];
const files: Record<string, string> = {
  "good.yaml": stringify(good),
  "empty.yaml": "",
  "syntax.yaml": "kind: [",
  "configmap.yaml": stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "text" } }),
  "kind.yaml": stringify({ ...good, kind: "BatchChanges" }),
  "nameless.yaml": stringify({ ...good, metadata: {} }),
  "long-name.yaml": stringify({ ...good, metadata: { name: "n".repeat(41) } }),
  "misspelt.yaml": stringify({ ...good, spec: { ...good.spec, promt: "x" } }),
  "promptless.yaml": stringify({ ...good, spec: { repositories: good.spec.repositories } }),
  "unanswered.yaml": stringify({ ...good, spec: { ...good.spec, publish: { policy: "Never", onCIFailure: { maxAttempts: 1 } } } }),
  "imageless.yaml": stringify({ ...good, spec: { ...good.spec, checks } }),
  "checks.yaml": stringify({ ...good, spec: { ...good.spec, toolbox: { image: "node:24" }, checks } }),
  "scenario.yaml": "turns: 3",
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "codybatch-wrong-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test.each([
  ["an unknown option", ["--exitt"], /Unknown option '--exitt'[\s\S]*usage:/],
  ["a word that is no option", ["now"], /'now'[\s\S]*usage:/],
  ["--dir without a folder", ["--dir"], /--dir[\s\S]*usage:/],
  ["--file without a file", ["--file"], /--file[\s\S]*usage:/],
  ["--exit with a value", ["--exit=yes"], /--exit[\s\S]*usage:/],
  ["--script without --file", ["--script", "no-change"], /--script goes with --file/],
  ["a scenario that nobody knows", ["--file", "good.yaml", "--script", "nothing"], /nothing[\s\S]*add-maintenance-notes, no-change/],
  ["a scenario that is none", ["--file", "good.yaml", "--script", "scenario.yaml"], /scenario\.yaml/],
  ["nobody who answers", ["--file", "good.yaml"], /set ANTHROPIC_API_KEY[\s\S]*--script/],
  ["a file that is not there", ["--file", "absent.yaml", "--script", "no-change"], /cannot read .*absent\.yaml; give --file a YAML file/],
  ["a folder as file", ["--file", ".", "--script", "no-change"], /cannot read/],
  ["an empty file", ["--file", "empty.yaml", "--script", "no-change"], /has no BatchChange; write one with apiVersion/],
  ["broken YAML", ["--file", "syntax.yaml", "--script", "no-change"], /syntax\.yaml.*at line/],
  ["only a ConfigMap", ["--file", "configmap.yaml", "--script", "no-change"], /has no BatchChange/],
  ["a misspelt kind", ["--file", "kind.yaml", "--script", "no-change"], /kind.*BatchChange/],
  ["no name", ["--file", "nameless.yaml", "--script", "no-change"], /metadata\.name/],
  ["a name that is too long", ["--file", "long-name.yaml", "--script", "no-change"], /metadata.*40/],
  ["a misspelt field", ["--file", "misspelt.yaml", "--script", "no-change"], /unknown field "spec\.promt": check its spelling/],
  ["no prompt", ["--file", "promptless.yaml", "--script", "no-change"], /spec\.prompt: Required value: say what to change/],
  [
    "an answer to checks of pull requests that are never opened",
    ["--file", "unanswered.yaml", "--script", "no-change"],
    /spec\.publish\.onCIFailure: .*needs pull requests whose checks can fail/,
  ],
  ["checks without an image", ["--file", "imageless.yaml", "--script", "no-change"], /spec\.toolbox: Required value: checks need an image/],
  [
    "checks that would run foreign code",
    ["--file", "checks.yaml", "--script", "no-change"],
    /BatchChange notes has checks, which would run code of https:\/\/github\.com\/acme\/api as a plain process[\s\S]*Give --run-checks/,
  ],
])("the demo refuses %s with exit code 2 and says what to do", async (_name, args, says) => {
  const done = await demo(args);
  expect(done.output).toMatch(says);
  expect(done.exitCode).toBe(2);
});

/** Runs the demo without a key in the folder of the files above. */
async function demo(args: readonly string[]): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: dir, INIT_CWD: dir };
  const child = spawn(process.execPath, [program, "--dir", join(dir, "state"), ...args], { cwd: dir, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve) => child.on("close", (exitCode) => resolve({ exitCode, output })));
}
