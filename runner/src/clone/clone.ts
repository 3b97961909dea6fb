import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunInput } from "@codybatch/crds";
import { GitError, type GitOptions } from "../git/index.ts";
import { readInput } from "../input/input.ts";
import type { Log } from "../log.ts";
import { writeAtomic } from "../out/index.ts";
import { isGone } from "../publish/branch/remote.ts";
import type { CloneConfig } from "./config.ts";
import { readToken, storeCredentials } from "./credentials.ts";
import { checkOut, fetchBase, initialise, resolve } from "./fetch.ts";
import { connections, gitNetwork, httpSettings } from "./network.ts";
import { findReference, type Reference } from "./reference.ts";
import { Refusal } from "./refusal.ts";
import { findRemote } from "./remote.ts";
import { hasResult, refusedResult, writeResult } from "./result.ts";
import { withRetries } from "./retry.ts";
import { layToolboxBase, layToolboxScript } from "./toolbox-base.ts";
import { checkTree } from "./tree.ts";

/** `base.json`: what the agent's change starts from. */
export interface Base {
  readonly commit: string;
  readonly branch: string;
  readonly tree: string;
}

/** Lays the repository of the input out as git directory, work tree and `base.json`; or says in `/out/result.json` why it cannot. */
export async function runClone(config: CloneConfig, log: Log): Promise<void> {
  const startedAt = new Date();
  if (await hasResult(config.outDir)) {
    log.info("a result is there already; nothing to do");
    return await empty(config);
  }
  const input = await readInput(config.inputDir);
  const token = await readToken(config.githubReadDir);
  try {
    const base = await clone(input, token, config, log);
    log.info({ ...base, milliseconds: Date.now() - startedAt.getTime() }, "cloned");
  } catch (error) {
    const result = refusedResult(error, { config, token, startedAt });
    log.warn({ reason: result.reason, detail: result.message }, "not cloned");
    await empty(config);
    await writeResult(config.outDir, result);
  }
}

async function clone(input: RunInput, token: string | undefined, config: CloneConfig, log: Log): Promise<Base> {
  await empty(config);
  const home = await mkdtemp(join(config.tmpDir, "clone-"));
  // The token lies there: it goes also when the pod ends before the clone does.
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const signal = AbortSignal.timeout(config.timeoutSeconds * 1000);
    const job: Job = { input, token, config, log, home, network: await gitNetwork(config.network, home), signal };
    const base = await lay(job, await locate(job));
    await layAlso(job);
    return base;
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** A run that answers failed checks gets what they said; the client for that is loaded for no other. */
async function layAlso(job: Job): Promise<void> {
  if (job.input.ciFailure === undefined) return;
  const { layFailingChecks } = await import("./failing/index.ts");
  await layFailingChecks(job);
}

interface Job {
  readonly input: RunInput;
  readonly token: string | undefined;
  readonly config: CloneConfig;
  readonly log: Log;
  readonly home: string;
  /** Variables of git's. */
  readonly network: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Where to fetch from, and with which settings of git. */
interface Source {
  readonly url: string;
  readonly options: GitOptions;
}

async function locate(job: Job): Promise<Source> {
  const url = new URL(job.input.repository.url);
  const options = { home: job.home, signal: job.signal, timeoutMs: job.config.timeoutSeconds * 1000, env: job.network };
  if (url.protocol === "file:") {
    await checkFolder(url);
    return { url: url.href, options: { ...options, config: ["protocol.file.allow=always"] } };
  }
  const remote = await retrying(job, async () => await asked(url, job));
  if (remote.login) await storeCredentials(job.home, remote.url, job.token ?? "");
  return { url: remote.url.href, options: { ...options, config: httpSettings } };
}

async function asked(url: URL, job: Job): ReturnType<typeof findRemote> {
  const dispatcher = connections(job.config.network);
  try {
    return await findRemote(url, { dispatcher, token: job.token, timeoutMs: 30_000 });
  } finally {
    await dispatcher.destroy();
  }
}

async function checkFolder(url: URL): Promise<void> {
  const path = fileURLToPath(url);
  const heads = [join(path, "HEAD"), join(path, ".git"), `${path}.git`].map(async (head) => await stat(head));
  const found = (await Promise.allSettled(heads)).some(({ status }) => status === "fulfilled");
  if (!found) throw new Refusal("RepositoryNotFound", `${url.href} is no git repository on this machine. Check its path.`);
}

async function lay(job: Job, source: Source): Promise<Base> {
  const { config, input } = job;
  const gitDir = join(config.gitDir, "repo.git");
  const inside = { ...source.options, gitDir };
  const reference = await retrying(job, async () => await findReference(source.url, input.repository.branch, source.options));
  await initialise(gitDir, reference, source.options);
  const commit = await retrying(job, async () => await fetchStart(job, source.url, reference, inside));
  await checkTree(input.repository.url, commit, config, inside);
  await checkOut(commit, { ...inside, workTree: config.workspaceDir });
  if (config.baseDir !== undefined && input.checks.length > 0) {
    await layToolboxBase(config.baseDir, { input, commit, workTree: config.workspaceDir, options: inside });
  }
  const base = { commit, branch: reference.branch, tree: await resolve(`${commit}^{tree}`, inside) };
  await writeAtomic(join(config.gitDir, "base.json"), `${JSON.stringify(base)}\n`);
  return base;
}

/** An attempt that mends a published change starts where that did, whatever the branch has become; from the branch when that commit is gone. */
async function fetchStart({ config, input }: Job, url: string, reference: Reference, inside: GitOptions): Promise<string> {
  const published = input.ciFailure === undefined ? undefined : input.resume?.baseCommit;
  if (published === undefined || !/^[0-9a-f]{40,64}$/.test(published)) return await fetchBase(url, reference, config, inside);
  try {
    return await fetchBase(url, { ...reference, name: published }, config, inside);
  } catch (error) {
    if (!(error instanceof GitError && isGone(error))) throw error;
    return await fetchBase(url, reference, config, inside);
  }
}

async function retrying<T>(job: Job, action: () => Promise<T>): Promise<T> {
  return await withRetries(action, {
    firstSeconds: job.config.retrySeconds,
    signal: job.signal,
    onRetry: (error, waitSeconds) => job.log.warn({ error: error.name, waitSeconds }, "clone is tried again"),
  });
}

/** Removes what an earlier try left; the folders themselves are mounts. The toolbox finds its script also where nothing was cloned: a pod whose sidecar cannot start hangs. */
async function empty(config: CloneConfig): Promise<void> {
  const base = config.baseDir === undefined ? [] : [config.baseDir];
  for (const directory of [config.gitDir, config.workspaceDir, ...base]) {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true, force: true });
  }
  for (const directory of base) await layToolboxScript(directory, config.toolboxScript);
}
