import { parseArgs } from "node:util";
import { z } from "zod";

import type { ProcessesOptions } from "./start.ts";

const entriesSchema = z.record(z.string(), z.array(z.string()).min(1));
const alwaysPassed = ["PATH", "LANG", "TZ"] as const;

/** Which variable stands for which key of which Secret; one GitHub App serves both. */
const secretVariables = [
  { variable: "ANTHROPIC_API_KEY", secret: "anthropic", key: "api-key" },
  { variable: "CODYBATCH_GITHUB_READ_TOKEN", secret: "github-read", key: "token" },
  { variable: "CODYBATCH_GITHUB_WRITE_TOKEN", secret: "github-write", key: "token" },
  { variable: "CODYBATCH_GITHUB_APP_ID", secret: "github-read", key: "app-id" },
  { variable: "CODYBATCH_GITHUB_APP_ID", secret: "github-write", key: "app-id" },
  { variable: "CODYBATCH_GITHUB_APP_PRIVATE_KEY", secret: "github-read", key: "private-key" },
  { variable: "CODYBATCH_GITHUB_APP_PRIVATE_KEY", secret: "github-write", key: "private-key" },
  { variable: "CODYBATCH_SIGNING_KEY", secret: "github-write", key: "signing.key" },
] as const;

export const usage = `usage: node local/src/processes/main.ts --dir DIR --server URL --entry JSON [options]
  --dir DIR         folder for pods, claims and the lock
  --server URL      API server, plain HTTP
  --entry JSON      command of each image: {"image": ["node", "main.ts"]}
  --max-pods N      pods at one time (default 20)
  --pass NAME       also hand this variable to containers of known images; may be repeated
  --checks-of URL   run the checks of this repository as processes of this user; may be repeated
  --run-checks      run the checks of every repository so: a process is no sandbox
  --keep-volumes    keep the volumes of ended pods until the pod is deleted
  --stop-all        on SIGTERM or SIGINT end all pods; otherwise they live on`;

/** The command line cannot be used; the message says why. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}

type Config = Omit<ProcessesOptions, "log"> & { readonly stopsAll: boolean };
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads command line and environment. Throws UsageError. */
export function readConfig(args: readonly string[], environment: Environment): Config {
  const values = parse(args);
  const { dir, server } = values;
  if (dir === undefined || server === undefined) throw new UsageError("--dir and --server are needed");
  if (!server.startsWith("http://")) throw new UsageError(`--server must be an http:// URL, not ${JSON.stringify(server)}`);
  return {
    dir,
    server,
    entries: entriesOf(values.entry),
    secrets: secretsOf(environment),
    environment: passed(alwaysPassed, environment),
    passed: passed(values.pass ?? [], environment),
    commandsOf: values["run-checks"] === true ? "all" : new Set(values["checks-of"]),
    maxPods: countOf(values["max-pods"]),
    keepVolumes: values["keep-volumes"] ?? false,
    stopsAll: values["stop-all"] ?? false,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseStrictly> {
  try {
    return parseStrictly(args);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- parseArgs derives it from the options
function parseStrictly(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      dir: { type: "string" },
      server: { type: "string" },
      entry: { type: "string" },
      "max-pods": { type: "string", default: "20" },
      pass: { type: "string", multiple: true },
      "checks-of": { type: "string", multiple: true },
      "run-checks": { type: "boolean" },
      "keep-volumes": { type: "boolean" },
      "stop-all": { type: "boolean" },
    },
  }).values;
}

function entriesOf(text: string | undefined): Readonly<Record<string, readonly string[]>> {
  try {
    return entriesSchema.parse(JSON.parse(text ?? ""));
  } catch (cause) {
    throw new UsageError(`--entry must be JSON like {"image": ["node", "main.ts"]}, not ${JSON.stringify(text ?? "")}`, { cause });
  }
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--max-pods must be a whole number from 1 on, not ${JSON.stringify(text)}`);
  return count;
}

function secretsOf(environment: Environment): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const secrets: Record<string, Record<string, string>> = {};
  for (const { variable, secret, key } of secretVariables) {
    const value = environment[variable];
    if (value !== undefined && value !== "") secrets[secret] = { ...secrets[secret], [key]: value };
  }
  return secrets;
}

function passed(names: readonly string[], environment: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const])));
}
