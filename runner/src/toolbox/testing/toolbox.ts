import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Check } from "@codybatch/crds";
import { writeFiles } from "../../git/testing/repository.ts";
import { checkScript, setupScript } from "../check-script.ts";

const script = fileURLToPath(new URL("../toolbox.sh", import.meta.url));

type Files = Readonly<Record<string, string>>;

export interface ToolboxOptions {
  readonly shell?: readonly string[];
  readonly files?: Files;
  readonly checks?: Readonly<Record<string, Partial<Check> & { readonly command: string[] }>>;
  readonly setup?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Request {
  readonly check: string;
  readonly tree?: "fresh" | "kept";
  /** The changed files, laid over the base. */
  readonly change?: Files;
  /** Further lines, such as `delete src/old.js`. */
  readonly lines?: readonly string[];
  readonly boot?: string;
}

interface Answer {
  readonly words: Readonly<Record<string, string>>;
  readonly output: string;
  /** Files that came back, by path; undefined when there is no archive. */
  readonly adopted: Files | undefined;
}

/** toolbox.sh as a plain process, in a folder of its own. */
export class Toolbox implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), "codybatch-toolbox-"));
  readonly #options: ToolboxOptions;
  #process: ChildProcess | undefined;
  #requests = 0;

  constructor(options: ToolboxOptions) {
    this.#options = options;
    for (const name of ["base/checks", "mailbox", "toolbox"]) mkdirSync(join(this.root, name), { recursive: true });
    this.#archive(options.files ?? {}, "base/base.tar");
    for (const [name, check] of Object.entries(options.checks ?? {})) {
      writeFileSync(join(this.root, "base/checks", name), checkScript({ timeout: "60s", ...check }));
    }
    if (options.setup !== undefined) writeFileSync(join(this.root, "base/setup"), setupScript(options.setup));
  }

  get mailbox(): string {
    return join(this.root, "mailbox");
  }

  /** Starts it, also once more; returns what it said about its boot. */
  async start(): Promise<string> {
    rmSync(join(this.mailbox, "boot"), { force: true });
    const [program = "sh", ...args] = this.#options.shell ?? ["sh"];
    const folders = { CODYBATCH_BASE_DIR: "base", CODYBATCH_MAILBOX_DIR: "mailbox", CODYBATCH_TOOLBOX_DIR: "toolbox" };
    const env = Object.fromEntries(Object.entries(folders).map(([name, folder]) => [name, join(this.root, folder)]));
    this.#process = spawn(program, [...args, script], {
      env: { PATH: process.env["PATH"], ...env, ...this.#options.env },
      stdio: "ignore",
    });
    return await this.#read("boot");
  }

  /** Ends it at once, as a node that fails does. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | NodeJS.Signals | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? child?.signalCode ?? null;
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => child.once("exit", (code, by) => resolve(code ?? by)));
    child.kill(signal);
    return await ended;
  }

  send({ check, tree = "kept", change, lines = [], boot = this.boot }: Request): string {
    this.#requests += 1;
    const id = `r${this.#requests}`;
    if (change !== undefined) this.#archive(change, "mailbox/request.tar");
    const text = [`id ${id}`, `boot ${boot}`, `tree ${tree}`, `check ${check}`, ...lines].join("\n");
    writeFileSync(join(this.mailbox, "request.new"), `${text}\n`);
    renameSync(join(this.mailbox, "request.new"), join(this.mailbox, "request"));
    return id;
  }

  async ask(request: Request): Promise<Answer> {
    for (const name of ["result", "result.output", "result.tar"]) rmSync(join(this.mailbox, name), { recursive: true, force: true });
    const id = this.send(request);
    const text = await this.#read("result");
    const words = Object.fromEntries(
      text
        .trimEnd()
        .split("\n")
        .map((line) => [line.split(" ")[0]!, line.slice(line.indexOf(" ") + 1)]),
    );
    if (words["id"] !== id) throw new Error(`an answer to ${words["id"]} came for ${id}`);
    return { words, output: readFileSync(join(this.mailbox, "result.output"), "utf8"), adopted: this.#adopted() };
  }

  get boot(): string {
    return /^boot (.*)$/m.exec(readFileSync(join(this.mailbox, "boot"), "utf8"))?.[1] ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGTERM");
    execFileSync("chmod", ["-R", "u+rwX", this.root]);
    rmSync(this.root, { recursive: true, force: true });
  }

  async #read(name: string): Promise<string> {
    const path = join(this.mailbox, name);
    const until = Date.now() + 60_000;
    while (!existsSync(path)) {
      if (Date.now() > until) throw new Error(`the toolbox wrote no ${name}`);
      await sleep(20);
    }
    return readFileSync(path, "utf8");
  }

  #adopted(): Files | undefined {
    const archive = join(this.mailbox, "result.tar");
    if (!existsSync(archive)) return undefined;
    const folder = mkdtempSync(join(this.root, "adopted-"));
    execFileSync("tar", ["-xf", archive, "-C", folder]);
    const paths = execFileSync("find", [folder, "-type", "f", "-print0"], { encoding: "utf8" }).split("\0").slice(0, -1);
    return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
  }

  #archive(files: Files, to: string): void {
    const folder = mkdtempSync(join(this.root, "files-"));
    writeFiles(folder, files);
    for (const [path, content] of Object.entries(files)) if (content.startsWith("#!")) chmodSync(join(folder, path), 0o755);
    execFileSync("tar", ["-cf", join(this.root, `${to}.new`), "-C", folder, "."]);
    renameSync(join(this.root, `${to}.new`), join(this.root, to));
    rmSync(folder, { recursive: true });
  }
}
