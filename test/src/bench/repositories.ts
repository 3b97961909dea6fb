import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { BatchChange, Changeset } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import { eventually } from "../cluster/deadline.ts";
import { makeRepository } from "../local-mode/index.ts";
import { batchManifest } from "./batch.ts";
import { openClient } from "./client.ts";
import { mebibytes, seconds, times } from "./figure.ts";
import type { Effort, Figure, Measurement } from "./figure.ts";
import { inFlight } from "./in-flight.ts";
import { OperatorUnderTest } from "./operator.ts";
import { inFolder, inProject, programOf, readAddress } from "./program.ts";
import { startJournalServer } from "./server.ts";

const run = promisify(execFile);
const image = "localhost/codybatch-runner:dev";
const parallelism = 4;
const files = 30;

/** A scripted change of many small repositories through all of local mode, against nothing but `git clone` of the same. */
export async function measureRepositories({ quick }: Effort): Promise<Measurement> {
  const count = quick ? 2 : 50;
  return inFolder(async (dir) => {
    const urls = Array.from({ length: count }, (_, index) =>
      makeRepository(join(dir, "repositories"), `acme/service-${index}`, content(index)),
    );
    const clones = await cloneAll(dir, urls);
    const { elapsed, figures } = await changeAll(dir, urls);
    const overhead = ((elapsed - clones) / count) * Math.min(parallelism, count);
    return {
      title: `${count} repositories of ${files} files with a scripted change, ${parallelism} at a time`,
      figures: [
        { what: "all of local mode, BatchChange created → complete", value: seconds(elapsed / 1000) },
        { what: "plain `git clone --depth 1` of the same, as many at a time", value: seconds(clones / 1000) },
        { what: "ratio", value: times(elapsed / clones) },
        { what: "for each repository beyond the clone: five turns, three processes, results stored", value: seconds(overhead / 1000) },
        ...figures,
      ],
    };
  });
}

function content(index: number): Readonly<Record<string, string>> {
  const modules = Array.from({ length: files - 1 }, (_, file) => [
    `src/module-${file}.js`,
    `export const value = ${index * file};\n`.repeat(40),
  ]);
  return { "README.md": `# service-${index}\n`, ...Object.fromEntries(modules) };
}

async function cloneAll(dir: string, urls: readonly string[]): Promise<number> {
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const startedAt = performance.now();
  await inFlight(urls, parallelism, async (url, index) => {
    await run("git", ["clone", "--quiet", "--depth", "1", url, join(dir, "clones", String(index))], { env });
  });
  return performance.now() - startedAt;
}

interface Changed {
  readonly elapsed: number;
  readonly figures: readonly Figure[];
}

async function changeAll(dir: string, urls: readonly string[]): Promise<Changed> {
  const local = await startPrograms(dir);
  try {
    await local.operator.synced();
    const startedAt = performance.now();
    await local.client.create(resources.batchChanges, "default", batchManifest("notes", urls, parallelism));
    await untilComplete(local.client);
    const elapsed = performance.now() - startedAt;
    await demandReady(local.client, urls.length);
    return { elapsed, figures: await writesOf(local.operator, urls.length) };
  } finally {
    await local.stop();
  }
}

interface Local {
  readonly client: Client;
  readonly operator: OperatorUnderTest;
  readonly stop: () => Promise<void>;
}

/** The programs that `npm run demo` starts, with its settings, but for a look at each pod's progress each second. */
async function startPrograms(dir: string): Promise<Local> {
  const server = await startJournalServer(dir);
  const scenario = inProject("local/scenarios/generic/add-maintenance-notes.yaml");
  const claude = programOf({ name: "claude", dir, args: ["local/src/claude/main.ts", "--dir", dir, "--scenarios", scenario], env: {} });
  const claudeURL = await eventually("the stand-in listens", async () => {
    claude.demandAlive();
    return readAddress(join(dir, "claude.json"), claude.pid);
  });
  const entry = JSON.stringify({ [image]: [process.execPath, inProject("runner/src/main.ts")] });
  const options = ["--dir", join(dir, "processes"), "--server", server.url, "--entry", entry, "--pass", "CODYBATCH_RIPGREP", "--stop-all"];
  const secrets = { ANTHROPIC_API_KEY: "stand-in", CODYBATCH_RIPGREP: ripgrep() };
  const processes = programOf({ name: "processes", dir, args: ["local/src/processes/main.ts", ...options], env: secrets });
  const operator = await OperatorUnderTest.start(dir, {
    CODYBATCH_API_URL: server.url,
    CODYBATCH_RUNNER_API_URL: server.url,
    CODYBATCH_RUNNER_IMAGE: image,
    CODYBATCH_LIMITS: JSON.stringify({ maxRepositories: 50, repositoryPatterns: ["file://**"] }),
    ANTHROPIC_BASE_URL: claudeURL,
  });
  const client = await openClient(server.url);
  const stop = async (): Promise<void> => {
    await client.close();
    await operator.stop();
    for (const program of [processes, claude]) await program.stop(new AbortController().signal);
    await server.stop();
  };
  return { client, operator, stop };
}

async function untilComplete(client: Client): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const batch = (await client.get(resources.batchChanges, "default", "notes")) as BatchChange | undefined;
    return batch?.status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") === true ? true : undefined;
  };
  await eventually("the BatchChange is complete", look, { seconds: 1200 });
}

async function demandReady(client: Client, count: number): Promise<void> {
  const { items } = await client.list(resources.changesets, {}, (raw) => raw as Changeset);
  const ready = items.filter(({ status }) => status?.phase === "Ready").length;
  if (ready !== count) throw new Error(`${ready} of ${count} Changesets are Ready: ${JSON.stringify(items.map(({ status }) => status))}`);
}

/** What the metric says when everything is done; each action is one write. */
async function writesOf(operator: OperatorUnderTest, count: number): Promise<readonly Figure[]> {
  await pause(1000);
  const writes = await operator.byLabel("codybatch_writes_total");
  const of = (...actions: readonly string[]): number => actions.reduce((sum, action) => sum + (writes.get(action) ?? 0), 0);
  const changesets = of("CreateChangeset", "CreateJob", "PatchChangesetStatus");
  const all = [...writes].map(([action, number]) => `${action} ${number}`).join(", ");
  return [
    { what: "the operator's writes of a Changeset, its status and its Job, each (aim 4)", value: (changesets / count).toFixed(2) },
    { what: "all writes of the operator", value: all },
    { what: "the operator's peak RSS", value: mebibytes(operator.memory().peak) },
  ];
}

/** ripgrep comes with the package that holds the process runner. */
function ripgrep(): string {
  const { rgPath } = createRequire(inProject("local/package.json"))("@vscode/ripgrep") as { rgPath: string };
  return rgPath;
}
