import { createRequire } from "node:module";
import { join } from "node:path";
import type { GithubScenario } from "@codybatch/local";
import type { Gate } from "./gate.ts";
import { operatorTimes, runnerImage, runnerTimes } from "./settings.ts";
import { stepping } from "./steps.ts";

/** The programs of local mode, in the order in which they are started. */
export const parts = ["server", "claude", "processes", "operator"] as const;
export type Part = (typeof parts)[number];

/** Who asks the API server, each through a gate of its own; `claude` is the gate between agents and the stand-in, `steps` the one that agents ask for leave. */
export type GateName = "operator" | "processes" | "recorder" | "claude" | "steps";

export interface LocalModeOptions {
  /** Conversations of the stand-in, as in `local/scenarios`. */
  readonly scenarios: readonly object[];
  /** Added to the operator's environment, or in place of it. */
  readonly operator?: Readonly<Record<string, string>>;
  /** `CODYBATCH_…_SECONDS` of the containers, in place of the short ones. */
  readonly runner?: Readonly<Record<string, string>>;
  /** Also shown as the operator's limits; a test has 50 repositories at most. */
  readonly limits?: object;
  /** Agents ask for leave at each of their steps. */
  readonly stepwise?: boolean;
  /** Checks of any repository may run, as processes of this user. */
  readonly runChecks?: boolean;
  /** Keep the folders of ended pods. */
  readonly keepVolumes?: boolean;
  /** The process runner's Secrets by their variables, such as `CODYBATCH_GITHUB_READ_TOKEN`; `ANTHROPIC_API_KEY` is there without. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What the stand-in for GitHub has; its tokens `read` and `write` become Secrets, and its repositories are allowed. Without: there is none. */
  readonly github?: GithubScenario;
}

/** What the command lines of one stack have in common. */
interface Layout {
  readonly dir: string;
  readonly options: LocalModeOptions;
  readonly gates: Readonly<Record<GateName, Gate>>;
  /** Where the part listened the last time, if it did. */
  readonly lastURL: string | undefined;
}

interface Command {
  /** Script and arguments. */
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a part is started: in the ways of the demo, but with a gate wherever another part's address stands. */
export function commandOf(part: Part, layout: Layout): Command {
  const { dir } = layout;
  const port = ["--port", new URL(layout.lastURL ?? "http://127.0.0.1:0").port || "0"];
  switch (part) {
    case "server":
      return command("local/src/server/main.ts", ["--dir", dir, ...port]);
    case "claude":
      return command("local/src/claude/main.ts", ["--dir", dir, "--scenarios", join(dir, "scenarios.yaml"), ...port]);
    case "processes":
      return command("local/src/processes/main.ts", processesArguments(layout), {
        ANTHROPIC_API_KEY: "stand-in",
        CODYBATCH_RIPGREP: ripgrep(),
        ...layout.options.secrets,
      });
    case "operator":
      return command("operator/src/main.ts", [], operatorEnvironment(layout));
  }
}

const root = join(import.meta.dirname, "..", "..", "..");

function command(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  return { args: [join(root, script), ...args], env: { ...machine(), ...env } };
}

function processesArguments({ dir, options, gates }: Layout): readonly string[] {
  const node = [process.execPath, ...(options.stepwise === true ? stepping(gates.steps.url) : [])];
  const entry = JSON.stringify({ [runnerImage]: [...node, join(root, "runner/src/main.ts")] });
  const always = ["--dir", join(dir, "processes"), "--server", gates.processes.url, "--entry", entry, "--pass", "CODYBATCH_RIPGREP"];
  return [
    ...always,
    ...(options.runChecks === true ? ["--run-checks"] : []),
    "--stop-all",
    ...(options.keepVolumes === true ? ["--keep-volumes"] : []),
  ];
}

function operatorEnvironment({ options, gates }: Layout): Readonly<Record<string, string>> {
  const { operator, runner, limits } = options;
  return {
    CODYBATCH_API_URL: gates.operator.url,
    CODYBATCH_RUNNER_API_URL: gates.recorder.url,
    CODYBATCH_RUNNER_IMAGE: runnerImage,
    CODYBATCH_RUNNER_ENV: JSON.stringify({ ...runnerTimes, ...runner }),
    CODYBATCH_LIMITS: JSON.stringify({ maxRepositories: 50, repositoryPatterns: ["file://**"], ...limits }),
    CODYBATCH_HTTP_PORT: "0",
    CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
    ANTHROPIC_BASE_URL: gates.claude.url,
    ...operatorTimes,
    ...operator,
  };
}

/** ripgrep comes with the package that holds the process runner. */
function ripgrep(): string {
  const { rgPath } = createRequire(join(root, "local/package.json"))("@vscode/ripgrep") as { rgPath: string };
  return rgPath;
}

function machine(): Record<string, string> {
  return Object.fromEntries(
    ["PATH", "LANG", "TZ", "TMPDIR"].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
