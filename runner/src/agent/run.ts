import { join } from "node:path";
import type { Log } from "../log.ts";
import { readForeign } from "../out/index.ts";
import { runToResult } from "./change.ts";
import type { AgentPorts } from "./ports.ts";
import { RecorderLink } from "./recorder-link.ts";
import type { AgentConfig } from "./settings.ts";

const mostResultBytes = 1024 * 1024;

/** Runs one change to its end: when this settles `result.json` is in place and the recorder has stored it; otherwise the exit code is 1. */
export async function runAgent(config: AgentConfig, log: Log, ports: AgentPorts = processPorts()): Promise<void> {
  const link = new RecorderLink(config.outDir, log);
  try {
    const before = await readForeign(join(config.outDir, "result.json"), mostResultBytes);
    if (before === undefined) await runToResult(config, log, ports);
    else log.info("a result is there already; nothing to do");
    if (await link.finish(config.ackSeconds * 1000)) return;
    log.error("the recorder did not store the result in time");
    process.exitCode = 1;
  } finally {
    link.close();
  }
}

function processPorts(): AgentPorts {
  const controller = new AbortController();
  process.once("SIGTERM", () => controller.abort());
  process.once("SIGINT", () => controller.abort());
  return { interrupt: controller.signal, now: Date.now, random: Math.random };
}
