import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { RunInput } from "@codybatch/crds";
import { milliseconds, times } from "./figure.ts";
import type { Effort, Measurement } from "./figure.ts";
import { inputOf, podIn, untilOpen } from "./pod-folder.ts";
import { inFolder, inProject } from "./program.ts";
import { startMemoryServer } from "./server.ts";
import { median } from "./statistics.ts";

/** From the start of Node to the first work of each container, against Node that does nothing; taken in turns. */
export async function measureRunnerStart({ quick }: Effort): Promise<Measurement> {
  const count = quick ? 1 : 15;
  const server = await startMemoryServer();
  const starts = {
    "`node -e 0`, to its end": () => untilExit(["-e", "0"], {}),
    "clone, to its end with RepositoryNotFound": cloneToRefusal,
    "agent with a result there already, until it greets the recorder": agentToGreeting,
    "record, until its socket takes a connection": () => recorderToSocket(server.url),
  };
  const taken = new Map<string, number[]>(Object.keys(starts).map((what) => [what, []]));
  try {
    for (let round = 0; round < count; round += 1) {
      for (const [what, start] of Object.entries(starts)) taken.get(what)?.push(await start());
    }
  } finally {
    await server.stop();
  }
  const [bare = Number.NaN] = [...taken.values()].map(median);
  const figures = [...taken].map(([what, all], index) => {
    const value = milliseconds(median(all));
    return { what, value: index === 0 ? value : `${value} (${times(median(all) / bare)})` };
  });
  return { title: `Runner start (medians of ${count})`, figures };
}

function inputIn(dir: string): RunInput {
  return inputOf({
    repository: { url: `file://${dir}/none.git`, name: "bench/none", branch: "main" },
    agent: {
      model: "claude-opus-5-5",
      effort: "medium",
      maxTurns: 1,
      maxTokens: 1000,
      maxCostUSD: "1.00",
      timeout: "5m",
      maxCostNanoUSD: 1e9,
    },
  });
}

async function untilExit(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"], ...env }, stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}`);
  return performance.now() - startedAt;
}

function cloneToRefusal(): Promise<number> {
  return inFolder((dir) => untilExit([inProject("runner/src/main.ts"), "clone"], podIn(dir, inputIn(dir)).env));
}

function agentToGreeting(): Promise<number> {
  return inFolder(async (dir) => {
    const { out, env } = podIn(dir, inputIn(dir));
    writeFileSync(join(out, "result.json"), "{}");
    const { promise: greeted, resolve: greet } = Promise.withResolvers<number>();
    const recorder = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => greet(performance.now()));
      socket.on("data", (data) => data.includes('"finished"') && socket.write('{"kind":"stored"}\n'));
    });
    recorder.listen(join(out, "recorder.sock"));
    const startedAt = performance.now();
    await untilExit([inProject("runner/src/main.ts"), "agent"], env);
    recorder.close();
    return (await greeted) - startedAt;
  });
}

function recorderToSocket(url: string): Promise<number> {
  return inFolder(async (dir) => {
    const { out, env } = podIn(dir, inputIn(dir));
    const pod = { POD_NAME: "bench", POD_NAMESPACE: "default", POD_UID: "uid", CODYBATCH_API_URL: url };
    const startedAt = performance.now();
    const args = [inProject("runner/src/main.ts"), "record"];
    const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"], ...env, ...pod }, stdio: "ignore" });
    const exited = once(child, "exit");
    const elapsed = await untilOpen(join(out, "recorder.sock")).then(() => performance.now() - startedAt);
    child.kill("SIGKILL");
    await exited;
    rmSync(join(out, "recorder.sock"), { force: true });
    return elapsed;
  });
}
