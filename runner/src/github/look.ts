import { join } from "node:path";
import { storedResult } from "@codybatch/crds";
import type { z } from "zod";
import { RecorderLink } from "../agent/recorder-link.ts";
import { readToken } from "../clone/credentials.ts";
import type { Network } from "../clone/config.ts";
import { readInputAs } from "../input/index.ts";
import type { Log } from "../log.ts";
import { readForeign, writeAtomic } from "../out/index.ts";
import { makeRedactor } from "../redact/index.ts";
import { apiURLOf } from "./address.ts";
import { type Failed, failedBy } from "./failed.ts";
import { Host } from "./host.ts";
import { HostReader } from "./host-reader.ts";
import { Patience } from "./patience.ts";
import type { GitHubReader } from "./reader.ts";

/** Everything that a Job takes from outside which only looks at GitHub. */
export interface LookConfig {
  /** Holds `input.json`. */
  readonly inputDir: string;
  /** Holds `token`, if the Secret exists. */
  readonly githubReadDir: string;
  readonly outDir: string;
  /** Absent: it follows from the input's githubURL. */
  readonly githubApiURL: string | undefined;
  /** For everything, waits included. */
  readonly timeoutSeconds: number;
  /** First wait after a fault of the host; doubles each time. */
  readonly retrySeconds: number;
  /** Longest wait for a limit; a longer one ends the Job, and the result has the time. */
  readonly limitSeconds: number;
  /** Before what GitHub had not worked out at the first look is asked again. */
  readonly againSeconds: number;
  /** Longest wait for the recorder's `stored`. */
  readonly ackSeconds: number;
  readonly network: Network;
}

/** What such a Job takes from the process it runs in. */
export interface LookPorts {
  /** Aborts when the pod is asked to end. */
  readonly interrupt: AbortSignal;
  readonly now: () => number;
}

/** GitHub as a Job asks it. */
export interface Asking {
  readonly reader: GitHubReader;
  /** Aborts when the time is over or the pod is asked to end. */
  readonly signal: AbortSignal;
  readonly config: LookConfig;
  readonly failedBy: (error: unknown) => Failed;
}

/** What one kind of such a Job does. */
export interface Look<Input, Told> {
  readonly form: z.ZodType<Input>;
  ask(input: Input, asking: Asking): Promise<Told>;
  /** What is told where nothing was seen. */
  failed(outcome: Failed, input: Input): Told;
}

interface AnyInput {
  readonly task: string;
  readonly githubURL: string;
}

interface AnyTold {
  readonly outcome: { readonly kind: string };
}

/** One Job of such a kind. */
interface Job<Input, Told> {
  readonly look: Look<Input, Told>;
  readonly config: LookConfig;
  readonly log: Log;
  readonly ports: LookPorts;
}

const mostResultBytes = storedResult.discover.mostBytes;

/** Runs such a Job to its end: when this settles `result.json` is in place and the recorder has stored it; otherwise the exit code is 1. */
export async function runLook<Input extends AnyInput, Told extends AnyTold>(job: Job<Input, Told>): Promise<void> {
  const { config, log } = job;
  const link = new RecorderLink(config.outDir, log);
  try {
    const path = join(config.outDir, "result.json");
    if ((await readForeign(path, mostResultBytes)) === undefined) await writeAtomic(path, `${await lookToResult(job)}\n`);
    if (await link.finish(config.ackSeconds * 1000)) return;
    log.error("the recorder did not store the result in time");
    process.exitCode = 1;
  } finally {
    link.close();
  }
}

async function lookToResult<Input extends AnyInput, Told extends AnyTold>(job: Job<Input, Told>): Promise<string> {
  const { config, look, log, ports } = job;
  const startedAt = new Date(ports.now()).toISOString();
  const input = await readInputAs(look.form, config.inputDir);
  const token = await readToken(config.githubReadDir);
  const { told, requests } =
    token === undefined ? { told: look.failed(credentialMissing, input), requests: 0 } : await asked(job, input, token);
  log.info({ outcome: told.outcome.kind, requests }, "looked at GitHub");
  const result = { version: 1, task: input.task, ...told, requests, startedAt, finishedAt: new Date(ports.now()).toISOString() };
  return makeRedactor(token === undefined ? [] : [token])(JSON.stringify(result));
}

const credentialMissing: Failed = {
  kind: "Refused",
  reason: "CredentialMissing",
  message:
    'There is no read credential, and GitHub answers searches and queries to nobody. Make the Secret that spec.credentials.githubReadSecret names (default github-read) with the key "token".',
};

interface Answered<Told> {
  readonly told: Told;
  readonly requests: number;
}

async function asked<Input extends AnyInput, Told>(job: Job<Input, Told>, input: Input, token: string): Promise<Answered<Told>> {
  const { config, look, log, ports } = job;
  const { limitSeconds, network, retrySeconds, timeoutSeconds } = config;
  const apiURL = config.githubApiURL ?? apiURLOf(input.githubURL);
  const signal = AbortSignal.any([ports.interrupt, AbortSignal.timeout(timeoutSeconds * 1000)]);
  const shared = { signal, now: ports.now };
  const { host: name } = new URL(apiURL);
  const patience = new Patience({
    host: name,
    maxWaitMs: limitSeconds * 1000,
    retryMs: retrySeconds * 1000,
    log,
    ...shared,
  });
  await using host = new Host({ apiURL, token, network, patience, ...shared });
  const meaning = (error: unknown): Failed => failedBy(error, { host: name, late: signal.aborted, timeoutSeconds, log });
  const told = await look
    .ask(input, { reader: new HostReader(host, apiURL, ports.now), signal, config, failedBy: meaning })
    .catch((error: unknown) => look.failed(meaning(error), input));
  return { told, requests: host.requests };
}
