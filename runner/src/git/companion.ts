import { randomUUID } from "node:crypto";
import { GitError, type GitFault } from "./error.ts";
import { type Child, type GitOptions, startGit } from "./process.ts";

interface Asked {
  readonly chunks: Buffer[];
  /** Bytes that end the answer. */
  readonly end: Buffer;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

interface CompanionOptions extends GitOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** What the command answers, flushed, to a line that names no object. */
  readonly echo: (line: string) => string;
}

/** A git that stays and answers request after request, one at a time. After any fault it is dead and each request rejects with {@link GitError}. */
export class Companion implements Disposable {
  readonly #args: readonly string[];
  readonly #options: CompanionOptions;
  readonly #child: Child;
  #fault: GitFault | undefined;
  #asked: Asked | undefined;
  #bytes = 0;

  constructor(args: readonly string[], options: CompanionOptions) {
    this.#args = args;
    this.#options = options;
    this.#child = startGit(args, options);
    const { process } = this.#child;
    process.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    process.stderr.resume();
    process.on("error", () => this.#end("start"));
    process.on("close", () => this.#end("exit"));
  }

  /** Asks one line. A line that nobody could foresee follows it; what comes before its echo is the answer. */
  async ask(line: string): Promise<Buffer> {
    if (this.#fault !== undefined || this.#asked !== undefined) throw this.#error(this.#fault ?? "output");
    const mark = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#asked = { chunks: [], end: Buffer.from(this.#options.echo(mark)), resolve, reject };
    this.#bytes = 0;
    const timer = setTimeout(() => this.#end("timeout"), this.#options.timeoutMs);
    this.#child.process.stdin.write(`${line}\n${mark}\n`);
    return await promise.finally(() => clearTimeout(timer));
  }

  [Symbol.dispose](): void {
    this.#end("aborted");
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const asked = this.#asked;
    if (asked === undefined || this.#bytes > this.#options.maxBytes) return this.#end("output");
    asked.chunks.push(chunk);
    if (!endsWith(asked.chunks, asked.end)) return;
    this.#asked = undefined;
    asked.resolve(Buffer.concat(asked.chunks).subarray(0, -asked.end.length));
  }

  #end(fault: GitFault): void {
    if (this.#fault !== undefined) return;
    this.#fault = fault;
    this.#child.kill();
    this.#asked?.reject(this.#error(fault));
    this.#asked = undefined;
  }

  #error(fault: GitFault): GitError {
    return new GitError({ args: this.#args, fault, stderr: "" });
  }
}

/** Looks at the last chunks only, so that a long answer is not copied for each of its parts. */
function endsWith(chunks: readonly Buffer[], end: Buffer): boolean {
  let first = chunks.length;
  for (let bytes = 0; bytes < end.length && first > 0; bytes += chunks[first]?.length ?? 0) first -= 1;
  const tail = Buffer.concat(chunks.slice(first));
  return tail.subarray(-end.length).equals(end);
}
