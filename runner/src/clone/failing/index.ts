import { join } from "node:path";
import type { RunInput } from "@codybatch/crds";
import { apiURLOf } from "../../github/address.ts";
import { Host } from "../../github/host.ts";
import { Patience } from "../../github/patience.ts";
import type { Log } from "../../log.ts";
import { writeAtomic } from "../../out/index.ts";
import { makeRedactor } from "../../redact/index.ts";
import type { CloneConfig } from "../config.ts";
import { type FailingChecks, failingChecksFile } from "./file.ts";
import { reportOf } from "./report.ts";

export interface Failing {
  readonly input: RunInput;
  readonly token: string | undefined;
  readonly config: CloneConfig;
  readonly log: Log;
}

const mostWaitMs = 30_000;

/** Writes down what the failed checks of our pull request said. What cannot be had is said in the file; the attempt goes on with what there is. */
export async function layFailingChecks(failing: Failing): Promise<void> {
  const { config, input, log, token } = failing;
  const { text, warnings } = await told(failing);
  const redact = makeRedactor(token === undefined ? [] : [token]);
  const checks: FailingChecks = { text: redact(text), warnings: warnings.map((warning) => redact(warning)) };
  await writeAtomic(join(config.gitDir, failingChecksFile), JSON.stringify(checks));
  log.info({ pullRequest: input.ciFailure?.pullRequest, bytes: text.length, warnings: warnings.length }, "failed checks read");
}

async function told({ config, input, log, token }: Failing): Promise<FailingChecks> {
  const { ciFailure, repository } = input;
  const { origin, protocol } = new URL(repository.url);
  if (token === undefined || ciFailure === undefined || !protocol.startsWith("http")) return nothing;
  const apiURL = config.githubApiURL ?? apiURLOf(origin);
  const signal = AbortSignal.timeout(config.checksSeconds * 1000);
  const times = { maxWaitMs: mostWaitMs, retryMs: config.retrySeconds * 1000 };
  const patience = new Patience({ host: new URL(apiURL).host, ...times, signal, now: Date.now, log });
  await using host = new Host({ apiURL, token, network: config.network, patience, signal, now: Date.now });
  const [owner = "", repo = ""] = repository.name.split("/");
  return await reportOf({ host, patience, network: config.network, apiURL, signal }, { owner, repo, sha: ciFailure.headSHA });
}

const missing =
  "What the checks said could not be read: there is no read credential. Make the Secret that spec.credentials.githubReadSecret names.";
const nothing: FailingChecks = { text: missing, warnings: [missing] };
