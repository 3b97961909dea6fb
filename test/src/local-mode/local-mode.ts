import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, signal } from "@codybatch/local";
import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import { Api } from "./api.ts";
import { endContainer, killContainer, runningContainers } from "./containers.ts";
import type { ContainerName, RunningContainer } from "./containers.ts";
import { Gate } from "./gate.ts";
import { makeRepository } from "./repository.ts";
import { operatorTimes, patience, runnerImage, runnerTimes } from "./settings.ts";
import { straysOf } from "./strays.ts";

/** The programs of local mode, in the order in which they are started. */
export const parts = ["server", "claude", "processes", "operator"] as const;
export type Part = (typeof parts)[number];

/** Who asks the API server, each through a gate of its own; `claude` is the gate between agents and the stand-in. */
export type GateName = "operator" | "processes" | "recorder" | "claude";

export interface LocalModeOptions {
  /** Conversations of the stand-in, as in `local/scenarios`. */
  readonly scenarios: readonly object[];
  /** Added to the operator's environment, or in place of it. */
  readonly operator?: Readonly<Record<string, string>>;
  /** `CODYBATCH_…_SECONDS` of the containers, in place of the short ones. */
  readonly runner?: Readonly<Record<string, string>>;
  /** Also shown as the operator's limits; a test has 50 repositories at most. */
  readonly limits?: object;
  /** Keep the folders of ended pods. */
  readonly keepVolumes?: boolean;
  /** The process runner's Secrets by their variables, such as `CODYBATCH_GITHUB_READ_TOKEN`; `ANTHROPIC_API_KEY` is there without. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What was still there when everything was stopped. */
export interface Remains {
  /** Containers that ran when the stop began, as `pod/container`. */
  readonly running: readonly string[];
  /** Command lines of processes that outlived the stop; they were ended then. */
  readonly strays: readonly string[];
}

const root = join(import.meta.dirname, "..", "..", "..");
const script = (path: string): string => join(root, path);
const graceMs = 15_000;
const leasePath = "/apis/coordination.k8s.io/v1/namespaces/codybatch-system/leases/codybatch-operator";
const Address = z.object({ url: z.string(), pid: z.int() });

/** Starts all of local mode in a folder of its own; resolves when the API server and the stand-in answer. */
export async function startLocalMode(options: LocalModeOptions): Promise<LocalMode> {
  const dir = mkdtempSync(join(tmpdir(), "codybatch-"));
  mkdirSync(join(dir, "logs"));
  writeFileSync(join(dir, "scenarios.yaml"), options.scenarios.map((scenario) => JSON.stringify(scenario)).join("\n---\n"));
  const urls = new Map<Part, string>();
  const upstream = (part: Part) => () => urls.get(part) ?? "http://127.0.0.1:9";
  const gates = {
    operator: await Gate.open("operator", upstream("server")),
    processes: await Gate.open("processes", upstream("server")),
    recorder: await Gate.open("recorder", upstream("server")),
    claude: await Gate.open("claude", upstream("claude")),
  };
  const local = new LocalMode(dir, options, { gates, urls });
  try {
    for (const part of parts) await local.start(part);
  } catch (error) {
    await local.stop();
    throw error;
  }
  return local;
}

interface Wiring {
  readonly gates: Readonly<Record<GateName, Gate>>;
  /** Where the parts that serve listen now. */
  readonly urls: Map<Part, string>;
}

/** Local mode as real processes, with a gate on every way between them. */
export class LocalMode {
  readonly dir: string;
  readonly api: Api;
  readonly gates: Readonly<Record<GateName, Gate>>;
  readonly #options: LocalModeOptions;
  readonly #urls: Map<Part, string>;
  readonly #programs = new Map<Part, Program>();

  constructor(dir: string, options: LocalModeOptions, { gates, urls }: Wiring) {
    this.dir = dir;
    this.gates = gates;
    this.#options = options;
    this.#urls = urls;
    this.api = new Api(() => this.url);
  }

  /** The API server itself, past all gates. */
  get url(): string {
    return this.#urls.get("server") ?? "";
  }

  get kubeconfig(): string {
    return join(this.dir, "kubeconfig");
  }

  /** Folder of the process runner. */
  get processesDir(): string {
    return join(this.dir, "processes");
  }

  /** Makes a git repository `owner/name`; gives its URL. */
  repository(name: string, files: Readonly<Record<string, string>>): string {
    return makeRepository(join(this.dir, "repositories"), name, files);
  }

  /** Starts a part that does not run. */
  async start(part: Part): Promise<void> {
    const { args, env } = this.#command(part);
    const spec = { name: part, args: [script(`${args[0]}`), ...args.slice(1)], env: { ...machine(), ...env }, graceMs };
    const program = new Program(spec, join(this.dir, "logs"));
    this.#programs.set(part, program);
    if (part === "server" || part === "claude") await this.#awaitAddress(part, program);
  }

  /** Kills a part with -9; resolves when it is gone. */
  async kill(part: Part): Promise<void> {
    const program = this.#program(part);
    signal(program.pid, "SIGKILL");
    await program.ended;
  }

  /** Starts a part that was killed, as whoever looks after it would. For an operator the dead one's Lease has run out by then. */
  async restart(part: Part): Promise<void> {
    await this.#program(part).stop(AbortSignal.abort());
    if (part === "operator") await fetch(`${this.url}${leasePath}`, { method: "DELETE" });
    await this.start(part);
  }

  /** Kills the process of one container of the repository's running pod with -9, and not its supervisor. */
  async killContainer(repository: string, name: ContainerName): Promise<RunningContainer> {
    return killContainer(this.processesDir, repository, name);
  }

  /** Kills every container with its supervisor, as the end of the machine would. */
  async killPods(): Promise<void> {
    for (const container of runningContainers(this.processesDir)) endContainer(container);
    await this.untilPodsEnded();
  }

  /** Waits until no container runs any more; a result is known a little before its pod has ended. */
  async untilPodsEnded(): Promise<void> {
    const look = async (): Promise<true | undefined> => (runningContainers(this.processesDir).length === 0 ? true : undefined);
    await eventually("every pod has ended", look, patience);
  }

  /** What the programs and pods said last, for the text of a failure. */
  logs(): string {
    return parts
      .map((part) => join(this.dir, "logs", `${part}.log`))
      .map((path) => `== ${path}\n${tail(path)}`)
      .join("\n");
  }

  /** Throws with the last log lines when a part ended by itself. */
  demandAlive(): void {
    for (const program of this.#programs.values()) program.demandAlive();
  }

  /** Stops everything in order, ends what does not, and removes the folder. */
  async stop(): Promise<Remains> {
    const running = runningContainers(this.processesDir);
    await this.#end("operator");
    for (const container of running) endContainer(container);
    for (const part of parts.toReversed()) await this.#end(part);
    for (const gate of Object.values(this.gates)) await gate.close();
    const strays = straysOf(this.dir);
    for (const { pid } of strays) signal(pid, "SIGKILL");
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
    return { running: running.map(({ pod, name }) => `${pod}/${name}`), strays: strays.map(({ command }) => command) };
  }

  async #end(part: Part): Promise<void> {
    await this.#programs.get(part)?.stop(new AbortController().signal);
  }

  #program(part: Part): Program {
    const program = this.#programs.get(part);
    if (program === undefined) throw new Error(`${part} was never started`);
    return program;
  }

  #command(part: Part): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
    const port = ["--port", new URL(this.#urls.get(part) ?? "http://127.0.0.1:0").port || "0"];
    switch (part) {
      case "server":
        return { args: ["local/src/server/main.ts", "--dir", this.dir, ...port], env: {} };
      case "claude":
        return { args: ["local/src/claude/main.ts", "--dir", this.dir, "--scenarios", join(this.dir, "scenarios.yaml"), ...port], env: {} };
      case "processes":
        return { args: this.#processesArguments(), env: this.#processesEnvironment() };
      case "operator":
        return { args: ["operator/src/main.ts"], env: this.#operatorEnvironment() };
    }
  }

  #processesArguments(): readonly string[] {
    const entry = JSON.stringify({ [runnerImage]: [process.execPath, script("runner/src/main.ts")] });
    const options = ["--dir", this.processesDir, "--server", this.gates.processes.url, "--entry", entry, "--pass", "CODYBATCH_RIPGREP"];
    return ["local/src/processes/main.ts", ...options, "--stop-all", ...(this.#options.keepVolumes === true ? ["--keep-volumes"] : [])];
  }

  #processesEnvironment(): Readonly<Record<string, string>> {
    return { ANTHROPIC_API_KEY: "stand-in", CODYBATCH_RIPGREP: ripgrep(), ...this.#options.secrets };
  }

  #operatorEnvironment(): Readonly<Record<string, string>> {
    const { operator, runner, limits } = this.#options;
    return {
      CODYBATCH_API_URL: this.gates.operator.url,
      CODYBATCH_RUNNER_API_URL: this.gates.recorder.url,
      CODYBATCH_RUNNER_IMAGE: runnerImage,
      CODYBATCH_RUNNER_ENV: JSON.stringify({ ...runnerTimes, ...runner }),
      CODYBATCH_LIMITS: JSON.stringify({ maxRepositories: 50, repositoryPatterns: ["file://**"], ...limits }),
      CODYBATCH_HTTP_PORT: "0",
      CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
      ANTHROPIC_BASE_URL: this.gates.claude.url,
      ...operatorTimes,
      ...operator,
    };
  }

  /** A file of an earlier start has another process id. */
  async #awaitAddress(part: Part, program: Program): Promise<void> {
    const path = join(this.dir, `${part}.json`);
    const url = await eventually(
      `${part} listens`,
      async () => {
        program.demandAlive();
        const address = Address.safeParse(readJSON(path));
        return address.data?.pid === program.pid ? address.data.url : undefined;
      },
      patience,
    );
    this.#urls.set(part, url);
  }
}

/** ripgrep comes with the package that holds the process runner. */
function ripgrep(): string {
  const { rgPath } = createRequire(script("local/package.json"))("@vscode/ripgrep") as { rgPath: string };
  return rgPath;
}

function machine(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "LANG", "TZ", "TMPDIR"].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function tail(path: string): string {
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}

function readJSON(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
