import { spawn } from "node:child_process";
import { searchPath } from "../../config.ts";

export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when it was ended by us. */
  readonly exitCode: number | undefined;
  readonly ended: "itself" | "time" | "output";
}

interface ProgramOptions {
  readonly cwd: string;
  readonly home: string;
  readonly timeoutMs: number;
  /** The program is ended once it has written more. */
  readonly maxBytes: number;
}

const stderrBytes = 4096;

/** Runs a program without a shell and with an environment of its own. Rejects only when it cannot be started. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramOutput> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramOutput>();
  const env = { PATH: searchPath, HOME: options.home, TMPDIR: options.home, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  const child = spawn(program, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  let bytes = 0;
  let stderr = "";
  let ended: ProgramOutput["ended"] = "itself";
  const end = (why: "time" | "output"): void => {
    if (ended === "itself") ended = why;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => end("time"), options.timeoutMs);
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > options.maxBytes) end("output");
    else chunks.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    if (stderr.length < stderrBytes) stderr += chunk.toString("utf8").slice(0, stderrBytes);
  });
  child.on("error", (error) => {
    clearTimeout(timer);
    reject(error);
  });
  child.on("close", (code) => {
    clearTimeout(timer);
    resolve({ stdout: Buffer.concat(chunks).toString("utf8"), stderr, exitCode: code ?? undefined, ended });
  });
  return promise;
}
