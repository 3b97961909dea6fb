import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";

/** What git needs of the environment; nothing of the user's own configuration. */
const environment: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

interface Ran {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Buffer | string;
}

/** Runs git in a folder and waits for its end. Throws only where git cannot be started. */
export async function run(dir: string, args: readonly string[], { env = {}, input = "" }: Setting = {}): Promise<Ran> {
  const child = spawn("git", ["-C", dir, ...args], { env: { ...environment, ...env }, stdio: "pipe" });
  const code = new Promise<number>((resolve, reject) => child.once("error", reject).once("close", (exit) => resolve(exit ?? -1)));
  // git may answer without having read everything.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** The output of a git command that must succeed, without the last line's end. */
export async function git(dir: string, args: readonly string[], setting: Setting = {}): Promise<string> {
  const { code, stdout, stderr } = await run(dir, args, setting);
  if (code !== 0) throw new Error(`git ${args[0]} failed with ${code}: ${stderr.trim()}`);
  return stdout.toString("utf8").replace(/\n$/, "");
}
