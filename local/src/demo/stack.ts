import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { rgPath } from "@vscode/ripgrep";
import { z } from "zod";
import { dashboardProgram, untilShown } from "./dashboard.ts";
import { Folder } from "./folder.ts";
import { certainPort, freePort } from "./port.ts";
import { Program } from "./program.ts";
import type { ProgramSpec } from "./program.ts";
import { samplesIn, sampleURLs } from "./samples.ts";
import type { Samples } from "./samples.ts";

/** Where the sources of all packages lie. */
const root = join(import.meta.dirname, "..", "..", "..");
const script = (path: string): string => join(root, path);
const runnerImage = "localhost/codybatch-runner:dev";
/** What a program has until it must be ready, in milliseconds. */
const readyWithin = 30_000;
/** The process runner lets pods end in their grace of 2 minutes. */
const podGraceMs = 150_000;
const graceMs = 15_000;
/** Seconds until the operator gives up a toolbox that may not run here: that does not change by waiting. */
const toolboxStart = "5";

/** Pull requests in a minute at the stand-in for GitHub, which nobody has to spare: one a second. */
const pullRequestsPerMinute = 60;

/** Seconds between two looks at pull requests of the stand-in for GitHub, so that who merges one there sees it soon. */
const trackEvery = "15";

const Address = z.object({ url: z.string(), pid: z.int() });

export interface StackOptions {
  readonly folder: Folder;
  /** Scenario files or folders; undefined: Claude itself answers. */
  readonly scenarios: readonly string[] | undefined;
  /** Scenario of the stand-in for GitHub that has the samples; undefined: there is none, and tokens are the user's own. */
  readonly github: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Checks of any repository may run as processes of this user; otherwise those of the samples alone. */
  readonly runChecks: boolean;
  /** Most repositories of one BatchChange. */
  readonly maxRepositories: number;
  /** Ends the waiting for readiness. */
  readonly signal: AbortSignal;
}

/** The programs of local mode, started in the order in which they need each other. */
export class Stack {
  readonly #options: StackOptions;
  readonly #programs: Program[] = [];
  readonly #samples: Samples | undefined;
  #url = "";
  #github: string | undefined;
  #dashboard: string | undefined;

  constructor(options: StackOptions) {
    this.#options = options;
    this.#samples = options.github === undefined ? undefined : samplesIn(options.github);
  }

  /** URL of the embedded API server. */
  get url(): string {
    return this.#url;
  }

  /** Address of the stand-in for GitHub, its pages included; undefined where there is none. */
  get github(): string | undefined {
    return this.#github;
  }

  /** Address of the dashboard, if there is one. */
  get dashboard(): string | undefined {
    return this.#dashboard;
  }

  /** URLs of the samples by `owner/name`; none without the stand-in. */
  get samples(): Readonly<Record<string, string>> {
    return this.#samples === undefined || this.#github === undefined ? {} : sampleURLs(this.#samples, this.#github);
  }

  get kubeconfig(): string {
    return join(this.#options.folder.dir, "kubeconfig");
  }

  /** Starts everything and waits until it can be used; the dashboard with the folder of its built pages. Throws ProgramEnded. */
  async start(pages: string | undefined): Promise<void> {
    const { folder, github, scenarios } = this.#options;
    const { dir } = folder;
    this.#url = await this.#serve("server", "server.json", ["local/src/server/main.ts", "--dir", dir]);
    if (github !== undefined) {
      const args = ["local/src/github/main.ts", "--dir", join(dir, "github"), "--scenario", github];
      this.#github = await this.#serve("github", join("github", "github.json"), args);
    }
    const claude = scenarios === undefined ? undefined : await this.#claude(scenarios);
    if (pages !== undefined) this.#dashboard = await this.#show(pages);
    this.#launch(this.#processRunner());
    this.#launch(this.#operator(claude));
  }

  /** Throws ProgramEnded when a program no longer lives. */
  demandAlive(): void {
    for (const program of this.#programs) program.demandAlive();
  }

  /** Stops every program, the last started first; an abort of `hurry` kills what is left. */
  async stop(hurry: AbortSignal): Promise<void> {
    for (const program of this.#programs.toReversed()) await program.stop(hurry);
  }

  async #claude(scenarios: readonly string[]): Promise<string> {
    const { dir } = this.#options.folder;
    const args = ["local/src/claude/main.ts", "--dir", dir, ...scenarios.flatMap((path) => ["--scenarios", path])];
    return await this.#serve("claude", "claude.json", args);
  }

  /** Starts the dashboard, before the operator, whose pull requests lead to it. */
  async #show(pages: string): Promise<string> {
    const { folder, scenarios, signal } = this.#options;
    const port = await certainPort(folder.lastPort("dashboard"));
    const options = { api: this.#url, port, pages, limits: this.#limits(), standIn: scenarios !== undefined };
    const program = this.#launch(dashboardProgram(options));
    const url = `http://127.0.0.1:${port}`;
    await untilShown(program, url, { within: readyWithin, signal });
    folder.notePort("dashboard", port);
    return url;
  }

  #limits(): object {
    const standIn = this.#github === undefined ? [] : [`${this.#github}/*/*`];
    const repositoryPatterns = ["file://**", "https://github.com/*/*", ...standIn];
    return { maxRepositories: this.#options.maxRepositories, repositoryPatterns, toolboxImages: ["**"] };
  }

  #publishing(): object {
    return {
      ...(this.#github === undefined ? {} : { perMinute: pullRequestsPerMinute }),
      ...(this.#dashboard === undefined ? {} : { dashboardURL: this.#dashboard }),
    };
  }

  #processRunner(): ProgramSpec {
    const { folder, environment, scenarios, runChecks } = this.#options;
    const checks = runChecks ? ["--run-checks"] : Object.values(this.samples).flatMap((url) => ["--checks-of", url]);
    const entry = JSON.stringify({ [runnerImage]: [process.execPath, script("runner/src/main.ts")] });
    const key = scenarios === undefined ? environment["ANTHROPIC_API_KEY"] : "stand-in";
    return {
      name: "processes",
      args: [
        "local/src/processes/main.ts",
        "--dir",
        join(folder.dir, "processes"),
        "--server",
        this.#url,
        "--entry",
        entry,
        "--pass",
        "CODYBATCH_RIPGREP",
        ...checks,
        "--stop-all",
      ],
      env: {
        CODYBATCH_RIPGREP: rgPath,
        ...(key === undefined ? {} : { ANTHROPIC_API_KEY: key }),
        // A token of the user's own never goes to the stand-in.
        ...(this.#samples?.secrets ?? only(environment, ["CODYBATCH_GITHUB_READ_TOKEN", "CODYBATCH_GITHUB_WRITE_TOKEN"])),
      },
      graceMs: podGraceMs,
    };
  }

  #operator(claude: string | undefined): ProgramSpec {
    const { environment } = this.#options;
    const base = claude ?? environment["ANTHROPIC_BASE_URL"];
    return {
      name: "operator",
      args: ["operator/src/main.ts"],
      env: {
        CODYBATCH_API_URL: this.#url,
        CODYBATCH_RUNNER_API_URL: this.#url,
        CODYBATCH_RUNNER_IMAGE: runnerImage,
        CODYBATCH_RUNNER_ENV: JSON.stringify({ CODYBATCH_LIVE_SECONDS: "1" }),
        CODYBATCH_LIMITS: JSON.stringify(this.#limits()),
        CODYBATCH_HTTP_PORT: "0",
        CODYBATCH_TOOLBOX_START_SECONDS: toolboxStart,
        ...(this.#github === undefined
          ? only(environment, ["GITHUB_API_URL"])
          : { GITHUB_API_URL: `${this.#github}/api/v3`, CODYBATCH_TRACK_SECONDS: trackEvery }),
        CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
        CODYBATCH_PUBLISHING: JSON.stringify(this.#publishing()),
        ...(base === undefined ? {} : { ANTHROPIC_BASE_URL: base }),
      },
      graceMs,
    };
  }

  /** Starts a program that writes its address into a file, and waits for that. */
  async #serve(name: string, file: string, args: readonly string[]): Promise<string> {
    const { folder } = this.#options;
    const port = await freePort(folder.lastPort(name));
    const program = this.#launch({ name, args: [...args, "--port", String(port)], env: {}, graceMs });
    const url = await this.#address(program, join(folder.dir, file));
    folder.notePort(name, Number(new URL(url).port));
    return url;
  }

  #launch(spec: ProgramSpec): Program {
    const { folder, environment } = this.#options;
    const [first = "", ...rest] = spec.args;
    const env = { ...only(environment, ["PATH", "LANG", "TZ", "TMPDIR"]), ...spec.env };
    const program = new Program({ ...spec, args: [script(first), ...rest], env }, join(folder.dir, "logs"));
    this.#programs.push(program);
    folder.noteProgram(spec.name, program.pid);
    return program;
  }

  /** A file of an earlier run has another process id. */
  async #address(program: Program, file: string): Promise<string> {
    for (const deadline = Date.now() + readyWithin; Date.now() < deadline;) {
      program.demandAlive();
      const address = Address.safeParse(readJSON(file));
      if (address.data?.pid === program.pid) return address.data.url;
      await wait(50, undefined, { signal: this.#options.signal });
    }
    throw new Error(`${program.name} was not ready within ${readyWithin / 1000} s; see ${program.log}`);
  }
}

function readJSON(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function only(environment: Readonly<Record<string, string | undefined>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const])));
}
