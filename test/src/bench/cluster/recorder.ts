import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { RunResult } from "@codybatch/crds";
import { inputOf, type Pod } from "../../cluster/pod.ts";
import { patchOf } from "../../cluster/recorder.ts";
import { podIn, untilOpen } from "../pod-folder.ts";
import { inProject } from "../program.ts";
import type { Plane } from "./plane.ts";

const usage = { input: 1000, output: 200, cacheRead: 5000, cacheWrite: 300, turns: 3, costNanoUSD: 50_000_000 };

/** Stands before the API server, passes on what recorders ask and remembers it. */
export class RecorderDoor {
  readonly url: string;
  /** Method and name of the ConfigMap of each write that was taken; a create names it in the body. */
  readonly writes: readonly string[];
  readonly close: () => void;

  private constructor(url: string, writes: readonly string[], close: () => void) {
    [this.url, this.writes, this.close] = [url, writes, close];
  }

  static async open({ api }: Plane): Promise<RecorderDoor> {
    const writes: string[] = [];
    const server = createServer(async (request, response) => {
      const body = await bodyOf(request);
      const answer = await api.call(request.method ?? "", request.url ?? "", body);
      if (request.method !== "GET" && answer.status < 300) writes.push(nameOf(answer.body));
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return new RecorderDoor(`http://127.0.0.1:${port}`, writes, () => server.closeAllConnections() ?? server.close());
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const sent = await text(request);
  return sent === "" ? undefined : JSON.parse(sent);
}

function nameOf(body: Readonly<Record<string, unknown>>): string {
  return (body["metadata"] as { readonly name: string }).name;
}

/** Runs the real recorder of a pod while the agent, played here, leaves a transcript, a patch and a result. Ends when the recorder has ended. */
export async function recordRun(dir: string, pod: Pod, url: string): Promise<void> {
  const { uid, name, namespace } = pod.metadata;
  const folder = join(dir, name);
  mkdirSync(folder);
  const { out, env } = podIn(folder, inputOf(pod));
  const podEnv = { PATH: process.env["PATH"], POD_NAME: name, POD_NAMESPACE: namespace, POD_UID: uid, CODYBATCH_API_URL: url };
  const child = spawn(process.execPath, [inProject("runner/src/main.ts"), "record"], {
    env: { ...podEnv, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const died = exited.then(([code]) => Promise.reject(new Error(`the recorder ended with ${String(code)} before it listened`)));
  died.catch(() => undefined);
  try {
    await Promise.race([untilOpen(join(out, "recorder.sock")), died]);
    const socket = connect(join(out, "recorder.sock"));
    await once(socket, "connect");
    socket.write('{"kind":"hello","version":1}\n');
    leaveResult(out);
    socket.write('{"kind":"finished"}\n');
    const [said] = (await once(socket, "data")) as [Buffer];
    if (!said.includes('"stored"')) throw new Error(`the recorder says ${said.toString()}`);
    socket.destroy();
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}

function leaveResult(out: string): void {
  const { bytes, told } = patchOf("Node 24");
  const { filesChanged, additions, deletions } = told;
  const report = { wereChangesNecessary: true, summary: "Node 24", explanation: "It is so.", filesChanged, additions, deletions };
  const at = new Date().toISOString();
  const said = { reason: "Reported", message: "Claude reported.", report, patch: told } as const;
  const result: RunResult = { version: 1, usage, warnings: [], startedAt: at, finishedAt: at, ...said };
  writeFileSync(join(out, "transcript.jsonl"), '{"kind":"started"}\n{"kind":"ended"}\n');
  writeFileSync(join(out, "change.patch"), bytes);
  writeFileSync(join(out, "result.json"), JSON.stringify(result));
}
