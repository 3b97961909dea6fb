import { type ChildProcess, spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import type { Readable, Writable } from "node:stream";
import { searchPath } from "../config.ts";
import type { GitFault } from "./error.ts";
import { GitError } from "./error.ts";

export interface GitOptions {
  readonly gitDir?: string;
  readonly workTree?: string;
  /** Index to use in place of the git directory's own. */
  readonly indexFile?: string;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Further settings, `name=value`, for this one command. Visible in the process list: never a secret. */
  readonly config?: readonly string[];
  /** Private folder for HOME and TMPDIR; without one HOME does not exist. */
  readonly home?: string;
  /** Further environment, such as a proxy. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 10 minutes. */
  readonly timeoutMs?: number;
  /** Most bytes of output, default 256 MiB. */
  readonly maxBytes?: number;
  /** Exit codes that are an answer, not a fault. Default only 0. */
  readonly exitCodes?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface GitOutput {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number;
}

// What a repository, a user or a system could otherwise make git run or change.
const safeConfig = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.symlinks=false",
  "core.quotePath=false",
  "core.autocrlf=false",
  "core.safecrlf=false",
  "core.attributesFile=/dev/null",
  "core.excludesFile=/dev/null",
  "core.protectHFS=true",
  "core.protectNTFS=true",
  "protocol.allow=never",
  "submodule.recurse=false",
  "diff.ignoreSubmodules=all",
  "advice.addEmbeddedRepo=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "index.version=2",
];

// Their groups would outlive this process otherwise.
const running = new Set<number>();
process.on("exit", () => running.forEach(killGroup));

/** A git under way. */
export interface Child {
  readonly process: ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable };
  /** Kills it and the helpers that it has started. */
  readonly kill: () => void;
}

/** Starts git in a group of its own, so that a kill reaches its helpers. The caller reads both outputs and hears of its end. */
export function startGit(args: readonly string[], options: GitOptions): Child {
  const child = spawn("git", commandLine(args, options), {
    cwd: options.cwd ?? options.workTree,
    env: environment(options),
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.on("close", () => running.delete(pid));
  }
  // git may end before it has read its input; its exit code says why.
  child.stdin.on("error", () => undefined);
  return { process: child, kill: () => killGroup(pid) };
}

const tenMinutesMs = 600_000;
const defaultMaxBytes = 256 * 1024 * 1024;
const stderrBytes = 4096;

/** Runs git without a shell and with an environment of its own. Rejects with {@link GitError}. */
export function git(args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const { promise, resolve, reject } = Promise.withResolvers<GitOutput>();
  const { process: child, kill } = startGit(args, options);
  const output = new Output(options.maxBytes ?? defaultMaxBytes);
  let fault: GitFault | undefined;
  const stop = (why: GitFault): void => {
    fault ??= why;
    kill();
  };
  const timer = setTimeout(() => stop("timeout"), options.timeoutMs ?? tenMinutesMs);
  const abort = (): void => stop("aborted");
  options.signal?.addEventListener("abort", abort, { once: true });
  if (options.signal?.aborted === true) abort();
  child.stdout.on("data", (chunk: Buffer) => output.take(chunk) || stop("output"));
  child.stderr.on("data", (chunk: Buffer) => output.complain(chunk));
  child.stdin.end(options.input);
  const settled = (): void => {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
  };
  child.on("error", (cause) => {
    settled();
    reject(new GitError({ args, fault: "start", stderr: "", cause }));
  });
  child.on("close", (code) => {
    settled();
    const stderr = output.stderr();
    if (fault !== undefined) return reject(new GitError({ args, fault, stderr }));
    const exitCode = code ?? -1;
    if (!(options.exitCodes ?? [0]).includes(exitCode)) return reject(new GitError({ args, fault: "exit", exitCode, stderr }));
    return resolve({ stdout: output.stdout(), stderr, exitCode });
  });
  return promise;
}

class Output {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #bytes = 0;
  #stderr = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False when the cap is passed. */
  take(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) return false;
    this.#chunks.push(chunk);
    return true;
  }

  /** Keeps the end of what git complains about. */
  complain(chunk: Buffer): void {
    this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-stderrBytes);
  }

  stdout(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  stderr(): string {
    return this.#stderr.toString("utf8");
  }
}

function commandLine(args: readonly string[], options: GitOptions): string[] {
  const settings = [...safeConfig, ...(options.config ?? [])].flatMap((setting) => ["-c", setting]);
  const gitDir = options.gitDir === undefined ? [] : [`--git-dir=${options.gitDir}`];
  const workTree = options.workTree === undefined ? [] : [`--work-tree=${options.workTree}`];
  return ["--no-pager", ...gitDir, ...workTree, ...settings, ...args];
}

function environment(options: GitOptions): NodeJS.ProcessEnv {
  const home = options.home ?? "/nonexistent";
  return {
    ...options.env,
    PATH: searchPath,
    HOME: home,
    XDG_CONFIG_HOME: home,
    ...(options.home === undefined ? {} : { TMPDIR: options.home }),
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
    ...(options.indexFile === undefined ? {} : { GIT_INDEX_FILE: options.indexFile }),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
