import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ClosePullRequest, patchDigest, PublishEvent, PublishInput, PublishResult } from "@codybatch/crds";
import { pino } from "pino";
import type { Stage } from "../../../../local/src/github/testing/stage.ts";
import { temporary } from "../../git/testing/repository.ts";
import { publishConfig } from "../../config.ts";
import type { PublishConfig } from "../config.ts";
import { runPublish } from "../publish.ts";
import { patchOf } from "./patch.ts";

export interface PublicationOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly repository?: string;
  /** Branch that the patch is made from. */
  readonly from?: string;
  readonly input?: Partial<PublishInput>;
}

/** Approved patches of a Changeset, and the publish Jobs for them. */
export class Publication implements Disposable {
  readonly at: Stage;
  readonly input: PublishInput;
  readonly patch: Buffer;
  readonly #root = temporary("codybatch-publish-");
  #jobs = 0;

  constructor(at: Stage, options: PublicationOptions = {}) {
    const { files = { "src/node.txt": "24\n" }, repository = "acme/api", from = "main" } = options;
    this.at = at;
    const made = patchOf(at.github.hands.dir(repository), from, files);
    this.patch = made.patch;
    this.input = PublishInput.parse({
      version: 1,
      task: "publish",
      namespace: "team-a",
      batchChange: "node-24",
      changeset: { name: "node-24-0123456789", uid: "uid-1" },
      repository: { url: at.remote(repository), name: repository, branch: "HEAD" },
      patch: { digest: patchDigest(made.baseCommit, made.patch), baseCommit: made.baseCommit, tree: made.tree },
      branch: "codybatch/node-24",
      labels: ["maintenance"],
      reviewers: ["ann", "acme/platform"],
      report: {
        wereChangesNecessary: true,
        summary: "Moved to Node 24.",
        explanation: "Asked for.",
        filesChanged: 1,
        additions: 1,
        deletions: 0,
      },
      author: { name: "Cody Batch", email: "codybatch@acme.invalid" },
      date: "2026-11-21T10:00:00.000Z",
      storage: { type: "ConfigMap", maxBytes: 1_000_000 },
      ...options.input,
    });
  }

  /** One publish Job in this process, with folders of its own. */
  async run(change: Change = {}): Promise<Done> {
    const { env, folder } = this.#folders(change);
    await using _ = await recorder(folder("out"));
    const logged: string[] = [];
    const log = pino({ level: "debug" }, { write: (line) => void logged.push(line) });
    const config = { ...publishConfig(env), retrySeconds: 0.01, ...change.config };
    await runPublish(config, log, { interrupt: new AbortController().signal, now: change.now ?? Date.now });
    return { result: resultIn(folder("out")), events: eventsIn(folder("out")), log: logged.join(""), folder };
  }

  /** One publish Job as the real process, which a test may kill. Dispose after it has ended. */
  async start(change: Change = {}): Promise<Started> {
    const { env, folder } = this.#folders(change);
    const ear = await recorder(folder("out"));
    const child = spawn(process.execPath, [join(import.meta.dirname, "../../main.ts"), "publish"], { env, stdio: "ignore" });
    const ended = once(child, "exit");
    return {
      child,
      folder,
      ended: async () => {
        await ended;
        await ear[Symbol.asyncDispose]();
      },
      result: () => resultIn(folder("out")),
    };
  }

  #folders({ token = "write", input = {}, close, patch = this.patch, env: more = {} }: Change) {
    this.#jobs += 1;
    const folder = (name: string): string => join(this.#root.path, `job-${this.#jobs}`, name);
    const at = this.#jobs;
    const fixed = (name: string): string => join(this.#root.path, `job-${at}`, name);
    for (const name of ["input", "patch", "github-write", "out", "tmp", "git"]) mkdirSync(folder(name), { recursive: true });
    writeFileSync(join(fixed("input"), "input.json"), JSON.stringify({ ...this.input, ...input, close }));
    writeFileSync(join(fixed("patch"), "change.patch.gz"), gzipSync(patch));
    const text = token === "" ? undefined : (this.at.github.token(token)?.text ?? token);
    if (text !== undefined) writeFileSync(join(fixed("github-write"), "token"), `${text}\n`);
    const env = {
      PATH: process.env["PATH"],
      CODYBATCH_INPUT_DIR: fixed("input"),
      CODYBATCH_PATCH_DIR: fixed("patch"),
      CODYBATCH_GITHUB_WRITE_DIR: fixed("github-write"),
      CODYBATCH_OUT_DIR: fixed("out"),
      CODYBATCH_TMP_DIR: fixed("tmp"),
      CODYBATCH_GIT_DIR: fixed("git"),
      CODYBATCH_PUBLISH_RETRY_SECONDS: "0.01",
      ...more,
    };
    return { env, folder: fixed };
  }

  [Symbol.dispose](): void {
    this.#root[Symbol.dispose]();
  }
}

/** What is particular to one Job. */
export interface Change {
  /** Name of a token of the stage, any other text as it is, or none for "". */
  readonly token?: string;
  readonly input?: Partial<PublishInput>;
  /** Makes it a Job that closes. */
  readonly close?: ClosePullRequest["close"];
  readonly patch?: Buffer;
  readonly config?: Partial<PublishConfig>;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
}

export interface Done {
  readonly result: PublishResult | undefined;
  readonly events: readonly PublishEvent[];
  readonly log: string;
  readonly folder: (name: string) => string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly folder: (name: string) => string;
  readonly ended: () => Promise<void>;
  readonly result: () => PublishResult | undefined;
}

function resultIn(out: string): PublishResult | undefined {
  const path = join(out, "result.json");
  return existsSync(path) ? PublishResult.parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
}

function eventsIn(out: string): readonly PublishEvent[] {
  const lines = readFileSync(join(out, "transcript.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => PublishEvent.parse(JSON.parse(line)));
}

/** A recorder that has always stored everything. */
async function recorder(out: string): Promise<AsyncDisposable> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (text) => {
      if (String(text).includes("finished")) socket.write('{"kind":"stored"}\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(join(out, "recorder.sock"), resolve));
  return { [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(() => resolve())) };
}
