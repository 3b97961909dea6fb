import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { orUsage, UsageError } from "../command-line/usage.ts";

export interface Options {
  /** State of all programs; made when it is missing. */
  readonly dir: string;
  /** End when no Changeset is under way, instead of staying up. */
  readonly exit: boolean;
  /** The user's own manifest instead of the two of the demo. */
  readonly file: string | undefined;
  /** Scenario file of the stand-in; undefined with `standIn` means those of the demo. */
  readonly script: string | undefined;
  /** Answers come from the scripted stand-in and not from Claude. */
  readonly standIn: boolean;
  readonly runChecks: boolean;
  /** Approve the demo's own patches, so that pull requests are opened at the stand-in for GitHub. */
  readonly approve: boolean;
}

export const usage = `usage: npm run demo -- [options]
  --exit             end when no Changeset is Pending, Running or Publishing; otherwise stay up, with the dashboard, until Ctrl-C
  --file FILE        run your own BatchChange instead of the demo's two; repositories may be file:///… too
  --script SCENARIO  with --file: answers come from this scenario, a YAML file or a bundled name, and not from Claude
  --approve          approve the patches of the demo's two batches, as its kubectl commands would: pull requests open at the stand-in for GitHub
  --dir DIR          where all state is kept, default ./.cody-batch; a second run goes on where the first ended
  --run-checks       run the checks of your own BatchChange too, as plain processes of your user: model-written code can then do what you can
  --help             this text
Claude answers when ANTHROPIC_API_KEY is set and no --script is given; otherwise a scripted stand-in does, and says so.
Exit codes: 0 well, 1 a Changeset of --file failed or something broke, 2 input refused, 130 interrupted (work is kept).`;

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder of the bundled scenarios. */
  readonly scenarios: string;
}

/** Reads the command line; undefined when help was asked for. Relative paths start where the user typed the command. */
export function readOptions(args: readonly string[], around: Surroundings): Options | undefined {
  const { dir, file, script, exit, help, approve, "run-checks": runChecks } = parse(args);
  if (help) return undefined;
  if (approve && file !== undefined) throw new UsageError("--approve goes without --file: read a patch of your own before you approve it");
  const from = around.environment["INIT_CWD"] ?? around.cwd;
  return {
    dir: dir === undefined ? resolve(around.cwd, ".cody-batch") : resolve(from, dir),
    exit,
    file: file === undefined ? undefined : resolve(from, file),
    ...answersOf(file, script === undefined ? undefined : findScript(script, from, around.scenarios), around),
    runChecks,
    approve,
  };
}

/** Who answers. */
function answersOf(file: string | undefined, script: string | undefined, around: Surroundings): Pick<Options, "script" | "standIn"> {
  const hasKey = (around.environment["ANTHROPIC_API_KEY"] ?? "") !== "";
  if (file === undefined && script !== undefined) throw new UsageError("--script goes with --file; the demo's own batches have scripts");
  if (file !== undefined && script === undefined && !hasKey) throw new UsageError(noAnswers(around.scenarios));
  return { script, standIn: script !== undefined || !hasKey };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- parseArgs derives it from the options
function parse(args: readonly string[]) {
  return orUsage(
    () =>
      parseArgs({
        args: [...args],
        options: {
          exit: { type: "boolean", default: false },
          file: { type: "string" },
          script: { type: "string" },
          dir: { type: "string" },
          "run-checks": { type: "boolean", default: false },
          approve: { type: "boolean", default: false },
          help: { type: "boolean", short: "h", default: false },
        },
      }).values,
  );
}

function noAnswers(scenarios: string): string {
  const names = genericNames(scenarios).join(", ");
  return `--file needs somebody who answers: set ANTHROPIC_API_KEY for Claude, or give --script with a scenario file or a bundled name (${names})`;
}

function findScript(script: string, from: string, scenarios: string): string {
  const places = [resolve(from, script), join(scenarios, "generic", `${script}.yaml`), join(scenarios, `${script}.yaml`)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new UsageError(
    `--script ${script} is neither a file nor a bundled scenario; for any repository there are ${genericNames(scenarios).join(", ")}`,
  );
}

function genericNames(scenarios: string): readonly string[] {
  return readdirSync(join(scenarios, "generic"))
    .map((name) => basename(name, ".yaml"))
    .toSorted();
}
