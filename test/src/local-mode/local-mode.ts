import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program, signal } from "@codybatch/local";
import type { Github } from "@codybatch/local";
import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import { Api } from "./api.ts";
import { commandOf, parts } from "./commands.ts";
import type { GateName, LocalModeOptions, Part } from "./commands.ts";
import { endContainer, killContainer, runningContainers } from "./containers.ts";
import type { ContainerName, RunningContainer } from "./containers.ts";
import { Gate } from "./gate.ts";
import { startSite, withSite } from "./site.ts";
import { makeRepository } from "./repository.ts";
import { patience } from "./settings.ts";
import { startLeave } from "./steps.ts";
import { straysOf } from "./strays.ts";

/** What was still there when everything was stopped. */
export interface Remains {
  /** Containers that ran when the stop began, as `pod/container`. */
  readonly running: readonly string[];
  /** Command lines of processes that outlived the stop; they were ended then. */
  readonly strays: readonly string[];
}

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
  const leave = await startLeave();
  const gates = {
    operator: await Gate.open("operator", upstream("server")),
    processes: await Gate.open("processes", upstream("server")),
    recorder: await Gate.open("recorder", upstream("server")),
    claude: await Gate.open("claude", upstream("claude")),
    steps: await Gate.open("steps", () => leave.url),
  };
  const github = options.github === undefined ? undefined : await startSite(join(dir, "github"), options.github);
  const wiring = { gates, urls, closeLeave: leave.close, github };
  const local = new LocalMode(dir, github === undefined ? options : withSite(options, github), wiring);
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
  readonly closeLeave: () => void;
  readonly github: Github | undefined;
}

/** Local mode as real processes, with a gate on every way between them. */
export class LocalMode {
  readonly dir: string;
  readonly api: Api;
  readonly gates: Readonly<Record<GateName, Gate>>;
  readonly #options: LocalModeOptions;
  readonly #urls: Map<Part, string>;
  readonly #closeLeave: () => void;
  readonly #github: Github | undefined;
  readonly #programs = new Map<Part, Program>();

  constructor(dir: string, options: LocalModeOptions, { gates, urls, closeLeave, github }: Wiring) {
    this.dir = dir;
    this.gates = gates;
    this.#options = options;
    this.#urls = urls;
    this.#closeLeave = closeLeave;
    this.#github = github;
    this.api = new Api(() => this.url);
  }

  /** The API server itself, past all gates. */
  get url(): string {
    return this.#urls.get("server") ?? "";
  }

  get kubeconfig(): string {
    return join(this.dir, "kubeconfig");
  }

  /** The stand-in for GitHub, with what people do there and what was asked of it. Throws when there is none. */
  get github(): Github {
    if (this.#github === undefined) throw new Error("this local mode has no stand-in for GitHub");
    return this.#github;
  }

  get hasGithub(): boolean {
    return this.#github !== undefined;
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
    const { dir, gates } = this;
    const command = commandOf(part, { dir, options: this.#options, gates, lastURL: this.#urls.get(part) });
    const program = new Program({ name: part, ...command, graceMs }, join(dir, "logs"));
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

  /** Containers that run, as `pod/container`, of pods whose name begins so. */
  running(podPrefix: string): readonly string[] {
    const containers = runningContainers(this.processesDir).filter(({ pod }) => pod.startsWith(podPrefix));
    return containers.map(({ pod, name }) => `${pod}/${name}`);
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
    this.#closeLeave();
    await this.#github?.close();
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
