import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunInput, RunResult } from "@codybatch/crds";
import { pino } from "pino";
import type { Base } from "../clone.ts";
import { runClone } from "../clone.ts";
import type { CloneConfig } from "../config.ts";

export interface ClonePodOptions {
  readonly url: string;
  readonly branch?: string;
  readonly token?: string;
  readonly config?: Partial<CloneConfig>;
  readonly input?: Partial<RunInput>;
}

/** The same volumes for a clone that is a process of its own. */
export function podFolders(root: string, options: ClonePodOptions) {
  const folder = (name: string): string => join(root, "pod", name);
  const names = ["input", "github-read", "git", "workspace", "out", "tmp"];
  for (const name of names) mkdirSync(folder(name), { recursive: true });
  writeFileSync(join(folder("input"), "input.json"), JSON.stringify(input(options)));
  if (options.token !== undefined) writeFileSync(join(folder("github-read"), "token"), options.token);
  const variables = names.map((name) => [`CODYBATCH_${name.toUpperCase().replace("-", "_")}_DIR`, folder(name)]);
  return { env: { PATH: process.env["PATH"], ...Object.fromEntries(variables) } as NodeJS.ProcessEnv, folder };
}

/** The volumes of a pod as folders below `root`, and clone run in them. */
export async function cloneInPod(root: string, options: ClonePodOptions): Promise<Cloned> {
  const folder = (name: string): string => {
    mkdirSync(join(root, "pod", name), { recursive: true });
    return join(root, "pod", name);
  };
  const config: CloneConfig = {
    inputDir: folder("input"),
    githubReadDir: folder("github-read"),
    gitDir: folder("git"),
    workspaceDir: folder("workspace"),
    outDir: folder("out"),
    tmpDir: folder("tmp"),
    baseDir: folder("base"),
    toolboxScript: fileURLToPath(new URL("../../toolbox/toolbox.sh", import.meta.url)),
    timeoutSeconds: 60,
    retrySeconds: 0.01,
    checksSeconds: 30,
    githubApiURL: undefined,
    maxBytes: 100 * 1024 * 1024,
    maxFiles: 1000,
    network: { httpsProxy: undefined, httpProxy: undefined, noProxy: undefined, caFile: undefined },
    ...options.config,
  };
  writeFileSync(join(config.inputDir, "input.json"), JSON.stringify(input(options)));
  if (options.token !== undefined) writeFileSync(join(config.githubReadDir, "token"), `${options.token}\n`);
  const lines: string[] = [];
  await runClone(config, pino({ level: "debug" }, { write: (line) => void lines.push(line) }));
  return {
    config,
    log: lines.join(""),
    base: readJSON(join(config.gitDir, "base.json"), (value) => value as Base),
    result: readJSON(join(config.outDir, "result.json"), (value) => RunResult.parse(value)),
  };
}

export interface Cloned {
  readonly config: CloneConfig;
  readonly log: string;
  readonly base: Base | undefined;
  readonly result: RunResult | undefined;
}

function readJSON<T>(path: string, parse: (value: unknown) => T): T | undefined {
  return existsSync(path) ? parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
}

function input({ url, branch = "HEAD", input: more }: ClonePodOptions): RunInput {
  return RunInput.parse({
    version: 1,
    namespace: "team-a",
    batchChange: "node-24",
    changeset: { name: "node-24-0123456789", uid: "uid-1" },
    repository: { url, name: "acme/api", branch },
    attempt: 0,
    try: 0,
    agent: { maxCostNanoUSD: 1 },
    storage: { type: "ConfigMap", maxBytes: 4_000_000 },
    ...more,
  });
}
