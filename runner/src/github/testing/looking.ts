import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import type { Stage } from "../../../../local/src/github/testing/stage.ts";
import { temporary } from "../../git/testing/repository.ts";
import type { Log } from "../../log.ts";
import type { LookConfig, LookPorts } from "../look.ts";

type Run = (config: LookConfig, log: Log, ports: LookPorts) => Promise<void>;

export interface LookingOptions {
  /** Name of a token of the stage, any other text as it is, or none for "". */
  readonly token?: string;
  readonly config?: Partial<LookConfig>;
  readonly ports?: Partial<LookPorts>;
}

export interface Looked {
  readonly result: unknown;
  readonly log: string;
}

/** Runs one Job that looks at the stage's GitHub, in folders of its own, with a recorder that has stored everything at once. */
export async function looking(at: Stage, run: Run, input: object, options: LookingOptions = {}): Promise<Looked> {
  const { token = "read", config = {}, ports = {} } = options;
  using root = temporary("codybatch-look-");
  const folder = (name: string): string => join(root.path, name);
  for (const name of ["input", "github-read", "out"]) mkdirSync(folder(name));
  writeFileSync(join(folder("input"), "input.json"), JSON.stringify(input));
  if (token !== "") writeFileSync(join(folder("github-read"), "token"), `${at.github.token(token)?.text ?? token}\n`);
  await using _ = await recorder(folder("out"));
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  await run({ ...settings(folder, at.github.apiURL), ...config }, log, {
    interrupt: new AbortController().signal,
    now: Date.now,
    ...ports,
  });
  return { result: JSON.parse(readFileSync(join(folder("out"), "result.json"), "utf8")), log: lines.join("") };
}

function settings(folder: (name: string) => string, githubApiURL: string): LookConfig {
  return {
    inputDir: folder("input"),
    githubReadDir: folder("github-read"),
    outDir: folder("out"),
    githubApiURL,
    timeoutSeconds: 60,
    retrySeconds: 0.01,
    limitSeconds: 5,
    againSeconds: 0.01,
    ackSeconds: 10,
    network: { httpsProxy: undefined, httpProxy: undefined, noProxy: undefined, caFile: undefined },
  };
}

/** A recorder that has always stored everything. */
export async function recorder(out: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (text) => {
      if (String(text).includes("finished")) socket.write('{"kind":"stored"}\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(join(out, "recorder.sock"), resolve));
  return { [Symbol.asyncDispose]: async () => await new Promise<void>((resolve) => server.close(() => resolve())) };
}
