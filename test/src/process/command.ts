import { execFile } from "node:child_process";

export interface CommandOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs a program to its end; a failing exit code is an answer, not an exception. Output is capped at 64 MiB. */
export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandOutput> {
  const env = { ...process.env, ...options.env };
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { cwd: options.cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ exitCode, stdout, stderr: error !== null && stderr === "" ? error.message : stderr });
    });
    // A program may end before it has read its input; its exit code says why.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.stdin ?? "");
  });
}
