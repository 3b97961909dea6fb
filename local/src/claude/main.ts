import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pino from "pino";
import { ScenarioError, loadScenarios } from "./scenario.ts";
import { startClaude } from "./server.ts";

const usage = "usage: node local/src/claude/main.ts --dir D --scenarios PATH [--scenarios PATH …] [--port N]";

interface Options {
  readonly dir: string;
  readonly scenarios: readonly string[];
  readonly port: number;
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    options: { dir: { type: "string" }, scenarios: { type: "string", multiple: true }, port: { type: "string" } },
    allowPositionals: true,
  });
  const scenarios = [...(values.scenarios ?? []), ...positionals];
  const port = Number(values.port ?? 0);
  if (values.dir === undefined || scenarios.length === 0) stop(usage);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) stop(`--port ${values.port} must be a port number, 0 for any free one`);
  return { dir: values.dir, scenarios, port };
}

function orStop<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScenarioError) stop(error.message);
    if (error instanceof TypeError) stop(`${error.message}\n${usage}`);
    throw error;
  }
}

const { dir, scenarios: paths, port } = orStop(readOptions);
const scenarios = orStop(() => loadScenarios(paths));
const log = pino({ name: "claude-stand-in" });
const claude = await startClaude({ scenarios, log, port });
mkdirSync(dir, { recursive: true, mode: 0o700 });
const file = join(dir, "claude.json");
writeFileSync(`${file}.new`, JSON.stringify({ url: claude.url, pid: process.pid }));
renameSync(`${file}.new`, file);
log.info(
  { url: claude.url, scenarios: scenarios.map(({ name }) => name) },
  "scripted stand-in for Claude listens; nothing it says comes from a model",
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void claude.close().then(() => process.exit(0)));
