import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { eventually } from "../cluster/deadline.ts";
import { programOf, readAddress } from "./program.ts";

export interface BenchServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The embedded server without a journal: what it holds ends with it. */
export async function startMemoryServer(): Promise<BenchServer> {
  const worker = new Worker(new URL("./memory-server.ts", import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 8192 } });
  const [url] = (await once(worker, "message")) as [string];
  const stop = async (): Promise<void> => {
    const exited = once(worker, "exit");
    worker.postMessage("stop");
    await exited;
  };
  return { url, stop };
}

/** The embedded server as local mode runs it, with its journal in the folder. */
export async function startJournalServer(dir: string): Promise<BenchServer> {
  const program = programOf({ name: "server", dir, args: ["local/src/server/main.ts", "--dir", dir], env: {} });
  const url = await eventually("the server listens", async () => {
    program.demandAlive();
    return readAddress(join(dir, "server.json"), program.pid);
  });
  return { url, stop: () => program.stop(new AbortController().signal) };
}
