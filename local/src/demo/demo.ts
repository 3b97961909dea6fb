import { join } from "node:path";
import { approveAll } from "./approve.ts";
import { demoBatches } from "./batches.ts";
import { Cluster } from "./cluster.ts";
import { Folder } from "./folder.ts";
import { refuseChecks } from "./checks.ts";
import { follow, look, stay } from "./follow.ts";
import type { Following } from "./follow.ts";
import { Refused, readManifests } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { Options } from "./options.ts";
import { builtPages } from "./pages.ts";
import { writePatches } from "./patches.ts";
import type { Patch } from "./patches.ts";
import { dashboardLines, githubLines, kubectlLines, messageLines, patchLines, surprises, unpublished } from "./report.ts";
import type { Screen } from "./screen.ts";
import { Stack } from "./stack.ts";
import type { StackOptions } from "./stack.ts";
import { summary } from "./table.ts";
import type { Seen, Standing } from "./view.ts";

const local = join(import.meta.dirname, "..", "..");
const root = join(local, "..");
/** Folder of the bundled scenarios. */
export const bundledScenarios = join(local, "scenarios");
/** What the stand-in for GitHub has at first: the bundled samples. */
export const bundledGithub = join(bundledScenarios, "github", "acme.yaml");
/** More than the default of 5, for it is the user's own machine; every batch still has its budget. */
const maxRepositories = 50;

/** What the demo exits with. */
export const exit = { well: 0, failed: 1, refused: 2, interrupted: 130 } as const;

export interface DemoParts {
  readonly options: Options;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  /** The user wants to end. */
  readonly signal: AbortSignal;
  /** The user wants to end at once. */
  readonly hurry: AbortSignal;
}

/** Runs local mode from start to stop and gives the exit code. Throws Refused, FolderInUse and ProgramEnded. */
export async function runDemo(parts: DemoParts): Promise<number> {
  const { options, environment, screen, signal } = parts;
  const manifests = options.file === undefined ? undefined : readManifests(options.file);
  if (manifests !== undefined && !options.runChecks) refuseChecks(manifests);
  const folder = new Folder(options.dir);
  const stack = new Stack({ folder, ...castOf(options), environment, runChecks: options.runChecks, maxRepositories, signal });
  let code: number = exit.interrupted;
  try {
    screen.say(...welcome(options));
    // Who does not stay has nobody to look at pages.
    await stack.start(options.exit ? undefined : await builtPages({ root, say: (line) => screen.say(line), signal }));
    screen.say(...dashboardLines(stack.dashboard));
    const cluster = new Cluster(stack.url, signal);
    const following = { stack, cluster, screen, manifests: manifests ?? demoBatches(stack.samples), signal };
    await applyAll(cluster, following.manifests);
    code = await untilDone(parts, following);
    if (!options.exit) await linger(following, options);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    screen.settle();
    if (code === exit.interrupted && signal.aborted) screen.say("", "Interrupted: stopping everything; what was done is kept …");
    await stack.stop(parts.hurry);
    folder.release();
  }
  const goesOn = code === exit.interrupted ? ` The same command goes on where it was; all state is in ${options.dir}.` : "";
  screen.say(`Everything is stopped.${goesOn}`);
  return code;
}

/** Who plays Claude and GitHub: a user's own BatchChange is about repositories of theirs. */
function castOf({ file, script, standIn }: Options): Pick<StackOptions, "scenarios" | "github"> {
  return { scenarios: standIn ? [script ?? bundledScenarios] : undefined, github: file === undefined ? bundledGithub : undefined };
}

/** ConfigMaps first, for a BatchChange may take its prompt from one. */
async function applyAll(cluster: Cluster, manifests: readonly Manifest[]): Promise<void> {
  const sorted = manifests.toSorted((left, right) => Number(left.kind === "BatchChange") - Number(right.kind === "BatchChange"));
  for (const manifest of sorted) await cluster.apply(manifest);
}

async function untilDone(parts: DemoParts, following: Following): Promise<number> {
  const { options, screen } = parts;
  const code = await untilSettled(parts, following);
  if (!options.approve) return code;
  screen.say(...(await approveAll(following.cluster, await look(following))));
  const { seen } = await follow(following);
  screen.settle();
  screen.say("", ...summary(seen), ...messageLines(seen), "", ...githubLines(following.stack.github, seen));
  const missing = unpublished(seen);
  screen.say(...missing);
  return missing.length > 0 ? exit.failed : code;
}

async function untilSettled(parts: DemoParts, following: Following): Promise<number> {
  const { options, environment, screen, signal } = parts;
  const { stack, cluster } = following;
  const { seen, standing } = await follow(following);
  if (standing.kind === "refused") throw new Refused(standing.message);
  const place = { dir: options.dir, searchPath: environment["PATH"] ?? "" };
  const patches = await writePatches(cluster, seen.changes, place);
  signal.throwIfAborted();
  screen.settle();
  screen.say("", ...summary(seen), ...messageLines(seen), "", ...patchLines(patches), "");
  screen.say(...githubLines(stack.github, seen), ...kubectlLines(stack.kubeconfig, seen), "", ...closing(options));
  return codeOf({ seen, standing, patches, options, screen });
}

interface Outcome {
  readonly seen: Seen;
  readonly standing: Standing;
  readonly patches: readonly Patch[];
  readonly options: Options;
  readonly screen: Screen;
}

function codeOf({ seen, standing, patches, options, screen }: Outcome): number {
  const problems = [
    ...("message" in standing ? [standing.message] : []),
    ...patches.flatMap(({ path, check }) => (check.kind === "broken" ? [`${path} does not apply`] : [])),
    ...(options.file === undefined && options.standIn ? surprises(seen) : []),
  ];
  for (const problem of problems) screen.say(problem);
  if (problems.length > 0) return exit.failed;
  return options.file !== undefined && seen.changes.some(({ status }) => status.phase === "Failed") ? exit.failed : exit.well;
}

async function linger(following: Following, { dir }: Options): Promise<void> {
  following.screen.say(...dashboardLines(following.stack.dashboard));
  following.screen.say(`The demo stays up; Ctrl-C ends it and keeps everything in ${dir}.`);
  await stay(following);
}

function welcome({ dir, file, runChecks, standIn }: Options): readonly string[] {
  return [
    `Cody Batch, local mode: everything runs on this machine, all state and logs are in ${dir}.`,
    ...(standIn
      ? ["Answers come from a scripted stand-in, not from Claude; set ANTHROPIC_API_KEY for Claude itself."]
      : ["Claude answers with your ANTHROPIC_API_KEY; this costs money, up to each batch's budget."]),
    ...(runChecks ? ["--run-checks: checks run as plain processes of your user. Code that the model wrote can do what you can."] : []),
    ...(file === undefined
      ? [
          "Two BatchChanges are applied: node-24 (publish.policy Never) and http-timeouts (OnApproval).",
          "Their repositories are at a stand-in for GitHub on this machine. Nothing goes to GitHub, whatever tokens your environment has.",
        ]
      : []),
    "",
  ];
}

function closing({ file, standIn }: Options): readonly string[] {
  if (!standIn) return [];
  const staged = file === undefined ? " The failure of acme/legacy-gateway is staged, to show what one looks like." : "";
  return [
    `All answers came from a scripted stand-in, not from Claude; cost is what Claude's price list says for them, nothing was paid.${staged}`,
  ];
}
