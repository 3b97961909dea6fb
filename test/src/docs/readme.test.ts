import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toolFolder } from "../cluster/control-plane.ts";
import { command } from "../process/command.ts";
import { makeRepository } from "../real/sources.ts";
import { blocksOf } from "./block.ts";

const root = join(import.meta.dirname, "../../..");
let copy = "";
let path = "";
let demo: ChildProcess | undefined;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "codybatch-readme-"));
  path = [await toolFolder(), process.env["PATH"] ?? ""].join(delimiter);
  const kept = (from: string): boolean => !["node_modules", ".git", ".cody-batch"].includes(basename(from));
  await cp(root, copy, { recursive: true, filter: kept });
  await linkModules(join(root, "node_modules"), join(copy, "node_modules"));
  await writeRehearsal();
});

afterAll(async () => {
  await stopDemo();
  await rm(copy, { recursive: true, force: true });
});

/**
 * A folder of links, and no link to the folder: `npm run` installs anew when the lockfile has changed, and through such a link npm would empty
 * the modules of this checkout. Without the stamp of the last install it takes what is there.
 */
async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(to);
  const names = (await readdir(from)).filter((name) => name !== ".codybatch-lock");
  for (const name of names) await symlink(join(from, name), join(to, name));
}

/** The README's own manifest with repositories of this machine, as a reader without a key would rehearse it. */
async function writeRehearsal(): Promise<void> {
  const markdown = await readFile(join(root, "README.md"), "utf8");
  const manifest = blocksOf("README.md", markdown).find(({ note }) => note === "file=my.yaml");
  const repository = join(copy, "sources", "acme", "api");
  await cp(join(root, "local/samples/acme/billing-api"), repository, { recursive: true });
  await makeRepository(repository);
  const text = (manifest?.text ?? "")
    .replaceAll(/https:\/\/github\.com\/acme\/(api|web)/g, `file://${repository}`)
    .replace("release", "main");
  await writeFile(join(copy, "rehearsal.yaml"), text);
}

test("the README's blocks run from top to bottom as a reader would type them", async () => {
  const shell = blocksOf("README.md", await readFile(join(root, "README.md"), "utf8")).filter(({ language }) => language === "sh");
  for (const block of shell) {
    if (block.note === "run until stopped") await startDemo(block.text);
    if (block.note !== "run") continue;
    const done = await command("bash", ["-euo", "pipefail", "-c", block.text], {
      cwd: copy,
      env: { PATH: path, KUBECONFIG: join(copy, ".cody-batch/kubeconfig"), ANTHROPIC_API_KEY: "" },
    });
    expect(done, `README.md:${block.line}`).toMatchObject({ exitCode: 0 });
  }
});

/** Resolves when the demo says that it stays up. */
async function startDemo(text: string): Promise<void> {
  const child = spawn("bash", ["-c", `exec ${text}`], {
    cwd: copy,
    env: { ...process.env, PATH: path, ANTHROPIC_API_KEY: "" },
    detached: true,
  });
  demo = child;
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("The demo stays up")) resolve();
    });
    child.on("close", (code) => reject(new Error(`the demo ended with ${code}: ${output.slice(-2000)}`)));
  });
}

async function stopDemo(): Promise<void> {
  const child = demo;
  if (child?.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.on("close", resolve));
  process.kill(-child.pid, "SIGINT");
  await ended;
}
