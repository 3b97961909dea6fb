import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pino from "pino";
import { startGithub } from "./github.ts";
import { ScenarioError, loadScenario } from "./scenario/scenario.ts";
import type { Scenario } from "./scenario/scenario.ts";

const usage = "usage: node local/src/github/main.ts --dir D --scenario FILE [--port N] [--host ADDRESS]";

interface Options {
  readonly dir: string;
  readonly scenario: string;
  readonly port: number;
  readonly host: string;
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function readOptions(): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { dir: text, scenario: text, port: text, host: text } });
  const { dir, scenario, port: number = "0", host = "127.0.0.1" } = values;
  if (dir === undefined || scenario === undefined) stop(usage);
  const port = Number(number);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) stop(`--port ${number} must be a port number, 0 for any free one`);
  return { dir, scenario, port, host };
}

/** What the user wrote wrong is said without a stack. */
function explain(error: unknown): never {
  if (error instanceof ScenarioError) stop(error.message);
  if (error instanceof TypeError && "code" in error) stop(`${error.message}\n${usage}`);
  throw error;
}

function orStop<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return explain(error);
  }
}

async function run({ dir, port, host }: Options, scenario: Scenario): Promise<void> {
  const log = pino({ name: "github-stand-in" });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const github = await startGithub({ scenario, dir, log, port, host }).catch(explain);
  const file = join(dir, "github.json");
  writeFileSync(`${file}.new`, JSON.stringify({ url: github.url, apiURL: github.apiURL, pid: process.pid }));
  renameSync(`${file}.new`, file);
  log.info({ url: github.url, apiURL: github.apiURL }, "stand-in for GitHub listens; nothing it shows is on GitHub");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void github.close().then(() => process.exit(0)));
}

const options = orStop(readOptions);
await run(
  options,
  orStop(() => loadScenario(options.scenario)),
);
