import { ScenarioError, loadScenarios } from "../claude/index.ts";
import { bundledScenarios, exit, runDemo } from "./demo.ts";
import { FolderInUse } from "./folder.ts";
import { Refused } from "./manifest.ts";
import { UsageError } from "../command-line/usage.ts";
import { readOptions, usage } from "./options.ts";
import { ProgramEnded } from "./program.ts";
import { Screen } from "./screen.ts";

const stop = new AbortController();
const hurry = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => (stop.signal.aborted ? hurry : stop).abort());
// A reader that went away, as in `… | head`, is no reason to leave programs behind.
process.stdout.on("error", () => stop.abort());

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), { environment: process.env, cwd: process.cwd(), scenarios: bundledScenarios });
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return exit.well;
  }
  // A script that cannot be used is said before anything starts.
  if (options.script !== undefined) loadScenarios([options.script]);
  const screen = new Screen(process.stdout, process.env, options.standIn ? standInLine : undefined);
  return await runDemo({ options, environment: process.env, screen, signal: stop.signal, hurry: hurry.signal });
}

const standInLine = "[scripted stand-in answers, not Claude]";

/** Says what went wrong; a stack only where the fault is ours. */
function explain(error: unknown): number {
  const isInput = [UsageError, Refused, FolderInUse, ScenarioError].some((kind) => error instanceof kind);
  const known = isInput || error instanceof ProgramEnded;
  process.stderr.write(`${error instanceof Error ? (known ? error.message : error.stack) : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
  return isInput ? exit.refused : exit.failed;
}

process.exitCode = await main().catch(explain);
