import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startOf } from "../processes/container/identity.ts";
import { Folder, FolderInUse } from "./folder.ts";

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "demo-"))));
afterEach(() => rmSync(dir, { recursive: true }));

test("a folder is held by one living demo, and free again when that gives it back", () => {
  const first = new Folder(dir);
  expect(() => new Folder(dir)).toThrow(FolderInUse);
  expect(() => new Folder(dir)).toThrow(`process ${process.pid}; stop that one`);
  first.release();
  new Folder(dir).release();
});

test("a dead demo's claim does not count, and what it left running is ended by its own id", async () => {
  const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(left, "spawn");
  const pid = left.pid ?? 0;
  writeFileSync(join(dir, "demo.lock"), JSON.stringify({ name: "demo", pid, start: "another start" }));
  const programs = [
    { name: "server", pid, start: startOf(pid) },
    { name: "operator", pid: process.pid, start: "another start" },
  ];
  writeFileSync(join(dir, "demo.json"), JSON.stringify({ programs, ports: { server: 4711 } }));
  const ended = once(left, "exit");
  const folder = new Folder(dir);
  expect((await ended)[1]).toBe("SIGKILL");
  expect(folder.lastPort("server")).toBe(4711);
  folder.release();
});

test("ports are remembered over runs", () => {
  const first = new Folder(dir);
  first.notePort("server", 1234);
  first.release();
  const second = new Folder(dir);
  expect([second.lastPort("server"), second.lastPort("claude")]).toEqual([1234, undefined]);
  second.release();
});
