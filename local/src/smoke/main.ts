import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";

const noKey = `No key: this asks the real Claude about one small repository, which costs a few cents at most (cap: $0.10).
Set ANTHROPIC_API_KEY to a key of yours, then run it again: ANTHROPIC_API_KEY=… npm run smoke:claude`;

const demo = join(import.meta.dirname, "../demo/main.ts");
const files = {
  "package.json": '{\n  "name": "smoke",\n  "version": "1.0.0",\n  "engines": { "node": ">=20" }\n}\n',
  ".nvmrc": "20\n",
  "README.md": "# Smoke\n\nA package that needs Node 20.\n",
};
/** Lines that a right change takes out and puts in. */
const wanted: readonly string[] = ["-20", "+24", '-  "engines": { "node": ">=20" }', '+  "engines": { "node": ">=24" }'];

function makeRepository(folder: string): string {
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=Smoke", "-c", "user.email=smoke@example.test"];
    execFileSync("git", [...identity, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  };
  git("init", "--quiet", "--initial-branch=main", folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  git("-C", folder, "add", "--all");
  git("-C", folder, "commit", "--quiet", "--message", "Begin");
  return pathToFileURL(folder).href;
}

function manifestOf(url: string): object {
  return {
    apiVersion: "codybatch.dev/v1alpha1",
    kind: "BatchChange",
    metadata: { name: "smoke" },
    spec: {
      prompt: "Move this package from Node 20 to Node 24: in .nvmrc (exactly 24), engines of package.json (exactly >=24) and the README.",
      repositories: [{ url }],
      agent: { model: "claude-haiku-5-5", effort: "low", maxTurns: 25, maxCostUSD: "0.10", timeout: "10m" },
      budget: { maxCostUSD: "0.10" },
    },
  };
}

/** The exit code of the whole way: operator, clone, agent and recorder as local mode has them. */
async function runDemo(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [demo, ...args], { stdio: "inherit" });
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", passOn);
  process.on("SIGINT", () => undefined);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** What the stored patch lacks; a missing patch lacks all of it. */
function missing(state: string): readonly string[] {
  const patches = join(state, "patches", "smoke");
  const lines = readdirSync(patches, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".patch"))
    .flatMap((name) => readFileSync(join(patches, name), "utf8").split("\n"));
  return wanted.filter((line) => !lines.includes(line));
}

async function smoke(folder: string): Promise<number> {
  const state = join(folder, "state");
  const manifest = join(folder, "smoke.yaml");
  writeFileSync(manifest, stringify(manifestOf(makeRepository(join(folder, "acme", "smoke")))));
  const code = await runDemo(["--exit", "--file", manifest, "--dir", state]);
  if (code !== 0) return code;
  const lacking = missing(state);
  if (lacking.length === 0) process.stdout.write("\nThe smoke test passed: Claude made the change that was asked for.\n");
  else process.stderr.write(`\nThe smoke test failed: the patch has no line ${lacking.map((line) => JSON.stringify(line)).join(", ")}.\n`);
  return lacking.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  if ((process.env["ANTHROPIC_API_KEY"] ?? "").trim() === "") {
    process.stderr.write(`${noKey}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "codybatch-smoke-"));
  try {
    return await smoke(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
