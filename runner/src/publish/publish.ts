import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { ClosePullRequest, PublishInput, type PublishOutcome, type PublishResult } from "@codybatch/crds";
import { z } from "zod";
import { RecorderLink } from "../agent/recorder-link.ts";
import { storeCredentials } from "../clone/credentials.ts";
import { gitNetwork, httpSettings } from "../clone/network.ts";
import { apiURLOf } from "../github/address.ts";
import { Host } from "../github/host.ts";
import { Patience } from "../github/patience.ts";
import { readInputAs } from "../input/index.ts";
import type { Log } from "../log.ts";
import { readForeign, writeAtomic } from "../out/index.ts";
import { makeRedactor, type Redactor } from "../redact/index.ts";
import { approvedPatch } from "./approved.ts";
import { Transport } from "./branch/transport.ts";
import { close } from "./close/close.ts";
import type { PublishConfig } from "./config.ts";
import { type Credential, readCredential, secretsOf } from "./credential.ts";
import { Journal } from "./journal.ts";
import { endedBy } from "./ending.ts";
import { parseSigningKey, type SigningKey } from "./signing/key.ts";
import { publish } from "./steps.ts";

/** What publishing takes from the process it runs in. */
export interface PublishPorts {
  /** Aborts when the pod is asked to end. */
  readonly interrupt: AbortSignal;
  readonly now: () => number;
}

const mostResultBytes = 1024 * 1024;

/** Publishes one approved patch, or closes a pull request of ours: when this settles `result.json` is in place and the recorder has stored it; otherwise the exit code is 1. */
export async function runPublish(config: PublishConfig, log: Log, ports: PublishPorts): Promise<void> {
  const link = new RecorderLink(config.outDir, log);
  try {
    const path = join(config.outDir, "result.json");
    if ((await readForeign(path, mostResultBytes)) !== undefined) log.info("a result is there already; nothing to do");
    else await writeAtomic(path, `${JSON.stringify(await resultOf(config, log, ports))}\n`);
    if (await link.finish(config.ackSeconds * 1000)) return;
    log.error("the recorder did not store the result in time");
    process.exitCode = 1;
  } finally {
    link.close();
  }
}

/** Counts as it goes, since it may end anywhere. */
interface Tally {
  readonly warnings: string[];
  api: () => number;
  git: () => number;
}

const Task = z.union([ClosePullRequest, PublishInput]);
type Task = z.infer<typeof Task>;

interface Run<Input extends Task = Task> {
  readonly config: PublishConfig;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly input: Input;
  readonly tally: Tally;
}

async function resultOf(config: PublishConfig, log: Log, { interrupt, now }: PublishPorts): Promise<PublishResult> {
  const startedAt = new Date(now()).toISOString();
  const input = await readInputAs(Task, config.inputDir);
  const credential = await readCredential(config).catch((error: unknown) => error);
  const redact = makeRedactor(isCredential(credential) ? secretsOf(credential) : []);
  const journal = new Journal(config.outDir, log, redact, now);
  await journal.begin(input);
  const tally: Tally = { warnings: [], api: () => 0, git: () => 0 };
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(config.timeoutSeconds * 1000)]);
  const outcome = await outcomeOf({ config, log, now, signal, input, tally }, credential, journal, redact);
  await journal.end(outcome);
  log.info({ outcome: outcome.kind, ...(outcome.kind === "Refused" ? { reason: outcome.reason } : {}) }, "publishing ended");
  const requests = { api: tally.api(), git: tally.git() };
  const warnings = tally.warnings.map((warning) => redact(warning).slice(0, 500));
  return { version: 1, task: "publish", outcome, warnings, requests, startedAt, finishedAt: new Date(now()).toISOString() };
}

async function outcomeOf(run: Run, credential: unknown, journal: Journal, redact: Redactor): Promise<PublishOutcome> {
  const { input } = run;
  try {
    if ("close" in input) return await closed({ ...run, input }, credential, journal);
    return await published({ ...run, input }, credential, journal);
  } catch (error) {
    return endedBy(error, { redact, interrupted: run.signal.aborted, timeoutSeconds: run.config.timeoutSeconds, log: run.log });
  }
}

async function published(run: Run<PublishInput>, credential: unknown, journal: Journal): Promise<PublishOutcome> {
  const patch = await approvedPatch(run.input, run.config.patchDir);
  await journal.step("patch", "The stored patch is the one that was approved.");
  if (!isCredential(credential)) throw credential;
  const signingKey = credential.signingKey === undefined ? undefined : parseSigningKey(credential.signingKey);
  return await inHome(run, credential, async (places) => await connected(run, { credential, signingKey, journal, patch, places }));
}

async function closed(run: Run<ClosePullRequest>, credential: unknown, journal: Journal): Promise<PublishOutcome> {
  if (!isCredential(credential)) throw credential;
  const { host, patience } = hostOf(run, credential);
  await using _ = host;
  return await close({ input: run.input, host, patience, journal, warn: warnIn(run) });
}

function isCredential(value: unknown): value is Credential {
  return typeof value === "object" && value !== null && "token" in value;
}

/** Two folders for git, one that holds the token and one for what it fetches; they go also when the process is ended. */
async function inHome<T>({ config, input }: Run, { token }: Credential, use: (places: Places) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(config.tmpDir, "publish-"));
  const objects = await mkdtemp(join(config.gitDir, "publish-"));
  const remove = (): void => [home, objects].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  process.once("exit", remove);
  try {
    await storeCredentials(home, new URL(input.repository.url), token);
    return await use({ home, objects });
  } finally {
    process.off("exit", remove);
    remove();
  }
}

interface Places {
  readonly home: string;
  readonly objects: string;
}

interface Means {
  readonly credential: Credential;
  readonly signingKey: SigningKey | undefined;
  readonly journal: Journal;
  readonly patch: Uint8Array;
  readonly places: Places;
}

/** Dispose of the host after. */
function hostOf(
  { config, input, log, now, signal, tally }: Run,
  { token }: Credential,
): { readonly host: Host; readonly patience: Patience } {
  const apiURL = config.githubApiURL ?? apiURLOf(input.repository.url);
  const times = { maxWaitMs: config.limitSeconds * 1000, retryMs: config.retrySeconds * 1000 };
  const patience = new Patience({ host: new URL(apiURL).host, ...times, signal, now, log });
  const host = new Host({ apiURL, token, network: config.network, patience, signal, now });
  tally.api = () => host.requests;
  return { host, patience };
}

function warnIn({ tally }: Run): (message: string) => void {
  return (message) => void tally.warnings.push(message);
}

async function connected(run: Run<PublishInput>, { credential, signingKey, journal, patch, places }: Means): Promise<PublishOutcome> {
  const { config, input, now, signal, tally } = run;
  const { host, patience } = hostOf(run, credential);
  await using _ = host;
  const env = await gitNetwork(config.network, places.home);
  const transport = async (url: string): Promise<Transport> => {
    const options = { ...places, cwd: places.home, env, signal, timeoutMs: config.timeoutSeconds * 1000, config: httpSettings };
    const made = new Transport({ url, patience, options, signal, now });
    tally.git = () => made.requests;
    return made;
  };
  return await publish({
    input,
    patch,
    credential,
    signingKey,
    host,
    patience,
    transport,
    maxBytes: config.maxBytes,
    journal,
    warn: warnIn(run),
  });
}
