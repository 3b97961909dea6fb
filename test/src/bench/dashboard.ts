import { cpSync } from "node:fs";
import { join } from "node:path";
import { setup as buildPages } from "../../../dashboard/e2e/src/build.ts";
import { anyPort } from "../../../local/src/demo/port.ts";
import { eventually } from "../cluster/deadline.ts";
import type { Program } from "@codybatch/local";
import { DashboardStreams } from "./dashboard/streams.ts";
import { fillCluster, type Filled } from "./dashboard/fill.ts";
import { measurePages } from "./dashboard/pages.ts";
import { timed } from "./dashboard/queries.ts";
import { openClient } from "./client.ts";
import { mebibytes, milliseconds, seconds } from "./figure.ts";
import type { Effort, Measurement } from "./figure.ts";
import { cpuOf, heapLimits, memoryOf } from "./operator.ts";
import { inFolder, inProject, programOf } from "./program.ts";
import { startMemoryServer } from "./server.ts";
import { median, quantile } from "./statistics.ts";

const unlimited = "100000";
const small = {
  batches: 20,
  repositories: 200,
  large: 50,
  rounds: 2,
  streams: 5,
  changes: 2,
  lines: 2000,
  events: 1000,
  openings: 1,
  growths: 2,
};
const full = {
  batches: 5000,
  repositories: 50_000,
  large: 1000,
  rounds: 60,
  streams: 200,
  changes: 30,
  lines: 10_000,
  events: 5000,
  openings: 5,
  growths: 12,
};

/** The dashboard over 5,000 BatchChanges and 50,000 Changesets: start, memory, lists and searches, how soon 200 tabs hear of a change, and what a viewer in Chromium waits for. */
export async function measureDashboard({ quick }: Effort): Promise<Measurement> {
  const size = quick ? small : full;
  await buildPages();
  const server = await startMemoryServer();
  const client = await openClient(server.url);
  try {
    const filled = await fillCluster(client, size);
    return await inFolder(async (dir) => {
      // A copy: whoever builds the pages meanwhile takes none of them away.
      const pages = join(dir, "pages");
      cpSync(inProject("dashboard/web/dist"), pages, { recursive: true });
      const port = await anyPort();
      const startedAt = performance.now();
      const program = programOf({
        name: "dashboard",
        dir,
        args: [...heapLimits, inProject("dashboard/server/src/main.ts")],
        env: { ...environment(server.url, port), CODYBATCH_DASHBOARD_WEB_DIR: pages },
      });
      const url = `http://127.0.0.1:${port}`;
      try {
        await ready(program, url);
        const start = performance.now() - startedAt;
        return { title: titleOf(filled), figures: await figures({ program, url, start, filled, size, client }) };
      } finally {
        await program.stop(new AbortController().signal);
      }
    });
  } finally {
    await client.close();
    await server.stop();
  }
}

function environment(api: string, port: number): Readonly<Record<string, string>> {
  return {
    CODYBATCH_API_URL: api,
    CODYBATCH_DASHBOARD_AUTH: "none",
    CODYBATCH_DASHBOARD_PORT: String(port),
    CODYBATCH_DASHBOARD_METRICS_PORT: "0",
    CODYBATCH_DASHBOARD_REQUESTS_PER_MINUTE: unlimited,
    // Five times as often as by default, so that a transcript that grows is measured in a minute.
    CODYBATCH_DASHBOARD_LIVE_SECONDS: "1",
    // As in the image.
    MALLOC_ARENA_MAX: "2",
  };
}

async function ready(program: Program, url: string): Promise<void> {
  await eventually(
    "the dashboard is ready",
    async () => {
      program.demandAlive();
      return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok === true ? true : undefined;
    },
    { seconds: 600 },
  );
}

function titleOf({ batches, repositories, changesetBytes }: Filled): string {
  return `Dashboard with ${batches.toLocaleString("en")} BatchChanges and ${repositories.toLocaleString("en")} Changesets of ${changesetBytes} bytes each`;
}

interface Running {
  readonly program: Program;
  readonly url: string;
  readonly start: number;
  readonly filled: Filled;
  readonly size: typeof full;
  readonly client: Awaited<ReturnType<typeof openClient>>;
}

async function figures({ program, url, start, filled, size, client }: Running): Promise<Measurement["figures"]> {
  const afterStart = memoryOf(program.pid);
  const answers = await timed(url, filled, size.rounds, () => cpuOf(program.pid));
  const streams = await DashboardStreams.open(url, size.streams);
  const heard = await streams.hear(client, filled, size.changes);
  streams.close();
  const pages = await measurePages(url, client, size);
  const memory = memoryOf(program.pid);
  return [
    { what: "start until everything was listed", value: seconds(start / 1000) },
    { what: "RSS after the start; peak", value: `${mebibytes(afterStart.resident)}; ${mebibytes(afterStart.peak)}` },
    ...answers.map(({ what, times, cpu }) => ({
      what: `${what}, p50; p95 (n = ${times.length}); the server's CPU time for each`,
      value: `${milliseconds(median(times))}; ${milliseconds(quantile(times, 0.95))}; ${milliseconds(cpu)}`,
    })),
    {
      what: `change in the cluster → heard by ${size.streams} open streams, p50; p95 (n = ${heard.length})`,
      value: `${milliseconds(median(heard))}; ${milliseconds(quantile(heard, 0.95))}`,
    },
    ...pages,
    { what: "RSS at the end (goal 300 MiB); peak", value: `${mebibytes(memory.resident)}; ${mebibytes(memory.peak)}` },
  ];
}
