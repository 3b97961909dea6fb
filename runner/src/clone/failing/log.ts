import { fetch } from "undici";
import { z } from "zod";
import { Answered, Unavailable } from "../../github/fault.ts";
import type { Host } from "../../github/host.ts";
import type { Patience } from "../../github/patience.ts";
import { connections } from "../network.ts";
import type { Network } from "../config.ts";
import type { Commit } from "./checks.ts";

/** What a log is fetched with. */
export interface LogReading {
  readonly host: Host;
  readonly patience: Patience;
  readonly network: Network;
  readonly apiURL: string;
  readonly signal: AbortSignal;
}

const requestMs = 60_000;
/** The end of a log is kept, since it ends with what went wrong. */
const keptBytes = 1024 * 1024;
/** A longer log is not read to its end. */
const mostBytes = 128 * 1024 * 1024;

/** The last bytes of a job's log. GitHub leads to a storage of its own, which needs no credential and gets none. */
export async function readLog(reading: LogReading, { owner, repo }: Commit, job: number): Promise<Uint8Array> {
  const asked = { owner, repo, job_id: job, request: { redirect: "manual" as const } };
  const place = await reading.host.ask(z.string(), "repeatable", async (octokit) => {
    const { headers } = await octokit.rest.actions.downloadJobLogsForWorkflowRun(asked);
    return { data: headers.location };
  });
  const url = URL.parse(place);
  const isSafe = url?.protocol === "https:" || url?.protocol === new URL(reading.apiURL).protocol;
  if (url === null || !isSafe) throw new Unavailable("GitHub leads to no address that a log could be at");
  return await reading.patience.attempt("repeatable", async () => await fetched(reading, url));
}

async function fetched({ network, signal }: LogReading, url: URL): Promise<Uint8Array> {
  const dispatcher = connections(network);
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
    const headers = { "user-agent": "cody-batch" };
    const response = await fetch(url, { dispatcher, headers, signal: limited, redirect: "error" });
    if (response.status >= 500) throw new Unavailable(`${url.host} answers ${response.status}`);
    if (!response.ok || response.body === null) throw new Answered(response.status, "the log is not where GitHub said");
    return await endOf(response.body);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Answered || error instanceof Unavailable) throw error;
    throw new Unavailable(`${url.host} does not answer`, { cause: error });
  } finally {
    await dispatcher.destroy();
  }
}

async function endOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let end = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    if (read > mostBytes) throw new Answered(200, `the log is longer than ${mostBytes / 1024 / 1024} MiB`);
    end = Buffer.concat([end, chunk]);
    if (end.length > 2 * keptBytes) end = Buffer.from(end.subarray(-keptBytes));
  }
  return end.subarray(-keptBytes);
}
