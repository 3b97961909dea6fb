import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RunInput } from "@codybatch/crds";

const folders = ["INPUT", "PROMPT", "ANTHROPIC", "GITHUB_READ", "GIT", "WORKSPACE", "OUT", "RESUME", "API_TOKEN", "TMP", "TERMINATION"];

/** The folders of a pod on this machine, and the variables that name them. */
export interface PodFolder {
  readonly out: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A try's input, but for its repository and what its agent may use. */
export function inputOf({ repository, agent }: Pick<RunInput, "repository" | "agent">): RunInput {
  return {
    version: 1,
    namespace: "default",
    batchChange: "bench",
    changeset: { name: "bench-0123456789", uid: "uid" },
    repository,
    attempt: 0,
    try: 0,
    agent,
    checks: [],
    allowPaths: [],
    storage: { type: "ConfigMap", maxBytes: 4 * 1024 * 1024 },
  };
}

/** Lays out what the kubelet would: folders, the input and a token. */
export function podIn(dir: string, input: RunInput): PodFolder {
  const env = Object.fromEntries(folders.map((name) => [`CODYBATCH_${name}_DIR`, join(dir, name.toLowerCase())]));
  for (const folder of Object.values(env)) mkdirSync(folder);
  writeFileSync(join(dir, "input", "input.json"), JSON.stringify(input));
  writeFileSync(join(dir, "api_token", "token"), "token");
  return { out: join(dir, "out"), env };
}

/** Resolves when the recorder takes a connection. */
export async function untilOpen(path: string): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await pause(2)) {
    if (await opens(path)) return;
  }
  throw new Error("the recorder did not listen within a minute");
}

function opens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => (resolve(true), socket.destroy())).once("error", () => resolve(false));
  });
}
