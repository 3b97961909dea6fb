import { type Socket, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../log.ts";

const Stored = z.object({ kind: z.literal("stored") });
const reconnectMs = 200;
const longestLine = 64 * 1024;

/** The connection to the recorder, kept for the agent's whole life and made anew when the recorder restarts. */
export class RecorderLink {
  readonly #outDir: string;
  readonly #log: Log;
  readonly #stored = Promise.withResolvers<boolean>();
  #socket: Socket | undefined;
  #finished = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(outDir: string, log: Log) {
    this.#outDir = outDir;
    this.#log = log;
    this.#connect();
  }

  /** Says that the result is in place and waits for the recorder to have stored it; false when it did not in time. */
  async finish(ackMs: number): Promise<boolean> {
    this.#finished = true;
    this.#say({ kind: "finished" });
    const cancel = new AbortController();
    const late = sleep(ackMs, false, { signal: cancel.signal }).catch(() => false);
    const stored = await Promise.race([this.#stored.promise, late]);
    cancel.abort();
    return stored;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #connect(): void {
    try {
      this.#listen(connectIn(this.#outDir));
    } catch (error) {
      this.#log.debug({ err: error }, "recorder connection failed");
      this.#again();
    }
  }

  #listen(socket: Socket): void {
    let heard = "";
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      this.#socket = socket;
      this.#say({ kind: "hello", version: 1 });
      if (this.#finished) this.#say({ kind: "finished" });
    });
    socket.on("data", (chunk: string) => {
      const lines = (heard + chunk).split("\n");
      heard = (lines.pop() ?? "").slice(-longestLine);
      if (lines.some(isStored)) this.#stored.resolve(true);
    });
    socket.on("error", (error) => this.#log.debug({ err: error }, "recorder connection failed"));
    socket.on("close", () => {
      this.#socket = undefined;
      this.#again();
    });
  }

  #again(): void {
    if (!this.#closed) this.#retry = setTimeout(() => this.#connect(), reconnectMs);
  }

  #say(message: { readonly kind: string; readonly version?: number }): void {
    this.#socket?.write(`${JSON.stringify(message)}\n`);
  }
}

/** A socket's path may have 108 bytes only, so it is named relative to its folder. The name is used before this returns. */
function connectIn(directory: string): Socket {
  const back = process.cwd();
  process.chdir(directory);
  try {
    return connect("recorder.sock");
  } finally {
    process.chdir(back);
  }
}

function isStored(line: string): boolean {
  try {
    return Stored.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
