import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pino from "pino";
import { ScenarioError, loadScenarios } from "./scenario.ts";
import { startClaude } from "./server.ts";

const usage = "usage: node local/src/claude/main.ts --dir D --scenarios PATH [--scenarios PATH …] [--port N]";

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function parsed() {
  try {
    const options = { dir: { type: "string" }, scenarios: { type: "string", multiple: true }, port: { type: "string" } } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function options(): { readonly dir: string; readonly scenarios: string[]; readonly port: number } {
  const { values, positionals } = parseArgs({
    options: {
      dir: { type: "string" },
      scenarios: { type: "string", multiple: true },
      port: { type: "string", default: "0" },
    },
    allowPositionals: true,
  });
  const scenarios = [...(values.scenarios ?? []), ...positionals];
  if (values.dir === undefined || scenarios.length === 0) stop(usage);
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) stop(`--port ${values.port} must be a port number, 0 for any free one`);
  return { dir: values.dir, scenarios, port };
}

function read(paths: readonly string[]): ReturnType<typeof loadScenarios> {
  try {
    return loadScenarios(paths);
  } catch (error) {
    if (error instanceof ScenarioError) stop(error.message);
    throw error;
  }
}

const { dir, scenarios: paths, port } = options();
const scenarios = read(paths);
const log = pino({ name: "claude-stand-in" });
const claude = await startClaude({ scenarios, log, port });
mkdirSync(dir, { recursive: true, mode: 0o700 });
const file = join(dir, "claude.json");
writeFileSync(`${file}.new`, JSON.stringify({ url: claude.url, pid: process.pid }));
renameSync(`${file}.new`, file);
log.info(
  { url: claude.url, scenarios: scenarios.map(({ name }) => name) },
  "scripted stand-in for Claude is listening; nothing it says comes from a model",
);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void claude.close().then(() => process.exit(0)));
