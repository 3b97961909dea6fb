import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A command did not do what it was asked for; `output` is all that it said. */
export class CommandError extends Error {
  readonly output: string;

  constructor(command: readonly string[], output: string) {
    super(`${command.slice(0, 2).join(" ")} failed`);
    this.output = output;
  }
}

/** Runs a command, without a shell, and answers its standard output. Throws CommandError when it fails or cannot be started. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await execute(program, [...args], { maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    throw new CommandError([program, ...args], outputOf(error));
  }
}

function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = ["stdout", "stderr"].map((name): unknown => Reflect.get(error, name)).filter((text) => typeof text === "string");
  return said.join("").trim() || error.message;
}
