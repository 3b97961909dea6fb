import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pino } from "pino";
import { temporary } from "../git/testing/repository.ts";
import { RecorderLink } from "./recorder-link.ts";

let root: ReturnType<typeof temporary>;
let outDir: string;
let heard: string[];
let open: Socket[];
beforeEach(() => {
  root = temporary();
  // Longer than the 108 bytes that a socket's path may have.
  outDir = join(root.path, "a".repeat(100), "b".repeat(100));
  mkdirSync(outDir, { recursive: true });
  heard = [];
  open = [];
});
afterEach(() => root[Symbol.dispose]());

async function recorder(answer: (line: string, socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    open.push(socket);
    socket.on("error", () => undefined);
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      for (const line of chunk.split("\n").filter((part) => part !== "")) {
        heard.push(line);
        answer(line, socket);
      }
    });
  });
  const back = process.cwd();
  process.chdir(outDir);
  rmSync("recorder.sock", { force: true });
  const listening = new Promise<void>((resolve) => server.listen("recorder.sock", resolve));
  process.chdir(back);
  await listening;
  return server;
}

async function stop(server: Server): Promise<void> {
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}

const storing = (line: string, socket: Socket): void => {
  if (line.includes("finished")) socket.write('{"kind":"sto');
  if (line.includes("finished")) setImmediate(() => socket.write('red"}\n'));
};
const hello = '{"kind":"hello","version":1}';
const finished = '{"kind":"finished"}';
const log = pino({ level: "silent" });

describe("the connection to the recorder", () => {
  it("says hello, then finished, and waits for stored", async () => {
    const server = await recorder(storing);
    const link = new RecorderLink(outDir, log);
    expect(await link.finish(5000)).toBe(true);
    expect(heard).toEqual([hello, finished]);
    link.close();
    await stop(server);
  });

  it("comes about when the recorder starts later", async () => {
    const link = new RecorderLink(outDir, log);
    const stored = link.finish(10_000);
    const server = await recorder(storing);
    expect(await stored).toBe(true);
    link.close();
    await stop(server);
  });

  it("is made anew when the recorder restarts, also in the middle of the hand-over", async () => {
    const first = await recorder((line) => {
      if (line.includes("finished")) void stop(first);
    });
    const link = new RecorderLink(outDir, log);
    await vi.waitFor(() => expect(heard).toEqual([hello]));
    const stored = link.finish(10_000);
    await vi.waitFor(() => expect(first.listening).toBe(false));
    const second = await recorder(storing);
    expect(await stored).toBe(true);
    expect(heard).toEqual([hello, finished, hello, finished]);
    link.close();
    await stop(second);
  });

  it("gives up after its time, whatever else the recorder says", async () => {
    const server = await recorder((_, socket) => socket.write('nonsense\n{"kind":"other"}\n'));
    const link = new RecorderLink(outDir, log);
    expect(await link.finish(300)).toBe(false);
    link.close();
    await stop(server);
  });
});
