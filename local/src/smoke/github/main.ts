import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { UsageError } from "../../command-line/usage.ts";
import { readOptions, usage } from "./options.ts";
import type { Options } from "./options.ts";
import { CommandFailed, Runner } from "./runner.ts";
import { smoke, SmokeFailed } from "./smoke.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Anything but yes, and the end of the input, is a no. */
async function asked(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin });
  process.stdout.write(`${question}\nType yes to go on: `);
  for await (const line of lines) {
    lines.close();
    return line.trim().toLowerCase() === "yes";
  }
  return false;
}

async function run(options: Options): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "codybatch-smoke-"));
  const now = new Date();
  const batch = `smoke-${now.toISOString().replaceAll(/\D/g, "").slice(0, 14)}`;
  const agree = options.agreed ? async (): Promise<boolean> => true : asked;
  try {
    const isDone = await smoke({ run: { options, batch, at: now.toISOString() }, runner: new Runner(dir), dir, say, agree });
    say(isDone ? "The smoke test passed." : "Nothing was written.");
    return isDone ? 0 : 2;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options !== undefined) return await run(options);
  say(usage);
  return 0;
}

function explain(error: unknown): number {
  const isKnown = [UsageError, CommandFailed, SmokeFailed].some((kind) => error instanceof kind);
  const words = error instanceof Error ? (isKnown ? error.message : error.stack) : String(error);
  process.stderr.write(`${error instanceof UsageError ? "" : "The smoke test failed: "}${words}\n`);
  if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
  return error instanceof UsageError ? 2 : 1;
}

process.exitCode = await main().catch(explain);
