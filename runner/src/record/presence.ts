import { rmSync } from "node:fs";
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { parseJSON } from "../out/index.ts";

const Said = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hello"), version: z.literal(1) }),
  z.object({ kind: z.literal("finished") }),
]);

/** Longest line that is listened to, and most connections: there is one agent, and it says little. */
const longestLine = 4096;
const mostConnections = 8;

export interface PresenceOptions {
  readonly outDir: string;
  /** How long the agent may be away after its first connection. */
  readonly lostMs: number;
  /** True when the agent had connected to an earlier life of this recorder. */
  readonly seen: boolean;
  readonly onSeen: () => void;
}

/** Listens on `recorder.sock` and knows whether the agent is there, has finished, or is lost. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #ended = Promise.withResolvers<void>();
  #finished = new Set<Socket>();
  #seen: boolean;
  #stored = false;
  #interrupted = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#seen = options.seen;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = mostConnections;
    if (this.#seen) this.#endIn(options.lostMs);
  }

  /** Settles when the agent has finished, is lost, or will not get more time. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** A socket's path may have 108 bytes only, so it is named relative to its folder. The name is used before `listen` returns. */
  async listen(): Promise<void> {
    const { outDir } = this.#options;
    rmSync(join(outDir, "recorder.sock"), { force: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const back = process.cwd();
    process.chdir(outDir);
    this.#server.once("error", reject).listen("recorder.sock", resolve);
    process.chdir(back);
    await promise;
  }

  /** The pod ends: an agent that is here may still finish for `graceMs`, one that is not gets no more time. */
  interrupt(graceMs: number): void {
    this.#interrupted = true;
    this.#endIn(this.#sockets.size > 0 ? graceMs : 0);
  }

  /** Tells the agent, now or when it asks again, that its result is stored. */
  acknowledge(): void {
    this.#stored = true;
    for (const socket of this.#finished) tellStored(socket);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const socket of this.#sockets) socket.end();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), 200).unref();
    await promise;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    if (!this.#interrupted) clearTimeout(this.#timer);
    if (!this.#seen) this.#options.onSeen();
    this.#seen = true;
    let heard = "";
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (heard + text).split("\n");
      heard = (lines.pop() ?? "").slice(0, longestLine);
      if (lines.some(saysFinished)) this.#finish(socket);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => this.#leave(socket));
  }

  #finish(socket: Socket): void {
    this.#finished.add(socket);
    this.#ended.resolve();
    if (this.#stored) tellStored(socket);
  }

  #leave(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#finished.delete(socket);
    if (this.#sockets.size === 0) this.#endIn(this.#interrupted ? 0 : this.#options.lostMs);
  }

  #endIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ended.resolve(), milliseconds);
  }
}

function tellStored(socket: Socket): void {
  socket.write('{"kind":"stored"}\n');
}

function saysFinished(line: string): boolean {
  return Said.safeParse(parseJSON(line)).data?.kind === "finished";
}
