import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connections } from "../clone/network.ts";
import { findRemote } from "../clone/remote.ts";
import { apiURLOf } from "../github/address.ts";
import { Patience } from "../github/patience.ts";
import type { Log } from "../log.ts";
import { readForeign, writeAtomic } from "../out/index.ts";
import { makeRedactor } from "../redact/index.ts";
import type { MintConfig } from "./config.ts";
import { endingOf } from "./ending.ts";
import { MintRefusal } from "./refusal.ts";
import { resultOf } from "./result.ts";
import { type App, type GitHubSecret, readSecret } from "./secret.ts";
import { githubURLOf, readTask, secretFieldOf, type Task } from "./task.ts";
import { appHost, mintToken } from "./token.ts";

const mostResultBytes = 1024 * 1024;

/**
 * Leaves on the token's volume what the container that follows signs in with: the Secret's own token, one made for its task from the
 * App's key, or nothing. Where none can be made the task's result is in place instead, and says why.
 */
export async function runMint(config: MintConfig, log: Log, now: () => number): Promise<void> {
  await rm(join(config.tokenDir, "token"), { force: true });
  if ((await readForeign(join(config.outDir, "result.json"), mostResultBytes)) !== undefined) {
    log.info("a result is there already; nothing to do");
    return;
  }
  const startedAt = new Date(now()).toISOString();
  const signal = AbortSignal.timeout(config.timeoutSeconds * 1000);
  const run: Run = { config, log, now, task: await readTask(config.inputDir), startedAt, signal, requests: 0, secrets: [] };
  try {
    const token = await tokenFor(run);
    if (token !== undefined) await writeFile(join(config.tokenDir, "token"), `${token}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    await tell(run, error);
  }
}

/** Writes the result of the task, which ends here. */
async function tell({ config, log, now, task, startedAt, signal, requests, secrets }: Run, error: unknown): Promise<void> {
  const { timeoutSeconds } = config;
  const ending = endingOf(error, { redact: makeRedactor(secrets), late: signal.aborted, timeoutSeconds, log });
  log.warn({ ending: ending.kind, detail: ending.message }, "no token was made");
  const result = resultOf(task, ending, requests, { startedAt, finishedAt: new Date(now()).toISOString() });
  await writeAtomic(join(config.outDir, "result.json"), `${JSON.stringify(result)}\n`);
}

interface Run {
  readonly config: MintConfig;
  readonly log: Log;
  readonly now: () => number;
  readonly task: Task;
  readonly startedAt: string;
  readonly signal: AbortSignal;
  requests: number;
  secrets: readonly string[];
}

async function tokenFor(run: Run): Promise<string | undefined> {
  const { config, log, task } = run;
  const secret = await readSecret(config.appDir).catch((error: unknown) => {
    throw error instanceof MintRefusal
      ? new MintRefusal(error.kind, `${error.message} It is the Secret that spec.credentials.${secretFieldOf(task)} names.`)
      : error;
  });
  run.secrets = secretsOf(secret);
  const githubURL = githubURLOf(task);
  if (secret.kind === "Token") return secret.token;
  if (secret.kind === "App" && githubURL !== undefined) return await made(run, secret.app, githubURL);
  log.info("there is nothing to make a token of");
  return undefined;
}

function secretsOf(secret: GitHubSecret): readonly string[] {
  if (secret.kind === "None") return [];
  return secret.kind === "Token" ? [secret.token] : [...secret.texts, secret.app.privateKey];
}

async function made(run: Run, app: App, githubURL: string): Promise<string | undefined> {
  const { config, log, now, signal, task } = run;
  const apiURL = config.githubApiURL ?? apiURLOf(githubURL);
  const times = { maxWaitMs: config.limitSeconds * 1000, retryMs: config.retrySeconds * 1000 };
  const patience = new Patience({ host: new URL(apiURL).host, ...times, signal, now, log });
  await using host = appHost(app, { apiURL, network: config.network, patience, signal, now });
  try {
    const { text, expiresAt, permissions } = await mintToken(host, app, task);
    log.info({ expiresAt, permissions }, "a token was made");
    return text;
  } catch (error) {
    if (!(await isPublic(error, run))) throw error;
    log.info("the App is not installed there, and whoever asks may read it");
    return undefined;
  } finally {
    run.requests = host.requests;
  }
}

/** To change a public repository in a patch alone no App has to be installed there, as no token is needed. */
async function isPublic(error: unknown, { config, signal, task }: Run): Promise<boolean> {
  if (!(error instanceof MintRefusal) || error.kind !== "AppNotInstalled" || task.kind !== "change" || signal.aborted) return false;
  const dispatcher = connections(config.network);
  try {
    return !(await findRemote(new URL(task.input.repository.url), { dispatcher, token: undefined, timeoutMs: 30_000 })).login;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}
