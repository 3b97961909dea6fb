import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach } from "vitest";
import { startServer } from "../server.ts";
import type { RunningServer, ServerOptions } from "../options.ts";
import { Client } from "./client.ts";

interface Running {
  readonly client: Client;
  readonly server: RunningServer;
}

/** A fresh server for each test of the file. */
export function freshServer(options: ServerOptions = {}): Running {
  let running: Running | undefined;
  beforeEach(async () => {
    const server = await startServer(options);
    running = { server, client: new Client(server.url) };
  });
  afterEach(() => running?.server.close());
  return {
    get client() {
      return running!.client;
    },
    get server() {
      return running!.server;
    },
  };
}

/** Makes folders that are gone after the file's tests. */
export function temporaryFolders(): () => Promise<string> {
  const made: string[] = [];
  afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));
  return async () => {
    const path = await mkdtemp(join(tmpdir(), "codybatch-server-"));
    made.push(path);
    return path;
  };
}
