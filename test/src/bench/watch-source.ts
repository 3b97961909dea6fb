import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { jobOf } from "./job.ts";
import type { BenchServer } from "./server.ts";

/** An API server in a thread of its own that has no Jobs and tells of so many new ones as fast as they are read. */
export async function startWatchSource(events: number): Promise<BenchServer> {
  const worker = new Worker(new URL(import.meta.url), { workerData: events });
  const [url] = (await once(worker, "message")) as [string];
  return { url, stop: async () => void (await worker.terminate()) };
}

function lineOf(number: number): string {
  const job = jobOf(`batch-0123456789-0-${number}`, 8192) as { metadata: object };
  const set = { uid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`, resourceVersion: String(number + 2) };
  const metadata = { ...job.metadata, ...set, namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };
  return `${JSON.stringify({ type: "ADDED", object: { ...job, metadata } })}\n`;
}

function serve(events: number): void {
  const lines = Array.from({ length: events }, (_, number) => lineOf(number));
  const server = createServer(async (request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    if (request.url?.includes("watch=true") !== true) {
      return void response.end(JSON.stringify({ items: [], metadata: { resourceVersion: "1" } }));
    }
    for (const line of lines) if (!response.write(line)) await once(response, "drain");
  });
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

if (!isMainThread) serve(workerData as number);
