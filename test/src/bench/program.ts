import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "@codybatch/local";
import { z } from "zod";

const root = join(import.meta.dirname, "..", "..", "..");
const Address = z.object({ url: z.string(), pid: z.int() });

/** A file of the project by its path from the root. */
export function inProject(path: string): string {
  return join(root, path);
}

interface ProgramParts {
  readonly name: string;
  /** Gets the log in `logs`. */
  readonly dir: string;
  /** A script of the project, after Node's own options if any. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a program of the project with nothing of our environment but the path. */
export function programOf({ name, dir, args, env }: ProgramParts): Program {
  const logs = join(dir, "logs");
  mkdirSync(logs, { recursive: true });
  const whole = args.map((argument) => (/^(local|operator|runner)\/.*\.ts$/.test(argument) ? inProject(argument) : argument));
  return new Program({ name, args: whole, env: { PATH: process.env["PATH"] ?? "", ...env }, graceMs: 30_000 }, logs);
}

/** The address that this process wrote; undefined until it has. */
export function readAddress(path: string, pid: number): string | undefined {
  try {
    const address = Address.parse(JSON.parse(readFileSync(path, "utf8")));
    return address.pid === pid ? address.url : undefined;
  } catch {
    return undefined;
  }
}

/** A folder for the time of one measurement. */
export async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "codybatch-bench-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
