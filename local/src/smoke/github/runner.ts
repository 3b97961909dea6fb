import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { z } from "zod";

const main = join(import.meta.dirname, "../../../../runner/src/main.ts");
const handedDown = ["PATH", "LANG", "TZ", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "GITHUB_API_URL"];

/** A command of the runner ended otherwise than it should; the message has what it said last. */
export class CommandFailed extends Error {}

/** What one command of the runner gets, each in a folder of its own as in a pod. */
export interface Given {
  /** By the name of the mount. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
}

/** The runner's commands as a pod runs them, one after the other, in folders below one that is private. */
export class Runner {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The folder that a command sees under that name. */
  folder(command: string, name: string): string {
    return join(this.#dir, command, name);
  }

  /** Takes away what a run left, so that the command may run again. */
  forget(command: string): void {
    rmSync(join(this.#dir, command), { recursive: true, force: true });
  }

  /** Runs it to its end; where it stores something, that is acknowledged as a recorder would. Throws {@link CommandFailed}. */
  async run(command: string, { files }: Given): Promise<void> {
    const folders = ["input", "github-read", "github-write", "patch", "git", "workspace", "out", "tmp"];
    for (const name of folders) mkdirSync(this.folder(command, name), { recursive: true, mode: 0o700 });
    for (const [name, content] of Object.entries(files)) {
      for (const [file, text] of Object.entries(content)) writeFileSync(join(this.folder(command, name), file), text, { mode: 0o600 });
    }
    await using _ = await acknowledging(this.folder(command, "out"));
    const { code, said } = await started(command, {
      ...inherited(),
      ...this.#folders(command, folders),
      HOME: this.folder(command, "tmp"),
    });
    if (code !== 0) throw new CommandFailed(`runner ${command} ended with ${code}:\n${said.slice(-2000)}`);
  }

  /** What it left in `result.json`; undefined when it left none. */
  result<T extends z.ZodType>(command: string, form: T): z.output<T> | undefined {
    const path = join(this.folder(command, "out"), "result.json");
    return existsSync(path) ? form.parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
  }

  #folders(command: string, names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.map((name) => [`CODYBATCH_${name.toUpperCase().replace("-", "_")}_DIR`, this.folder(command, name)] as const),
    );
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(handedDown.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

async function started(command: string, env: Readonly<Record<string, string>>): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(process.execPath, [main, command], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject).once("close", (exit) => resolve(exit ?? 1));
  });
  return { code, said };
}

/** In a pod the recorder stores what is in place and says so; here the folder itself is read. */
async function acknowledging(out: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (text) => String(text).includes("finished") && socket.write('{"kind":"stored"}\n'));
  });
  const back = process.cwd();
  process.chdir(out);
  const listening = new Promise<void>((resolve, reject) => server.once("error", reject).listen("recorder.sock", resolve));
  process.chdir(back);
  await listening;
  return { [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(() => resolve())) };
}
