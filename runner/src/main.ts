import { setFlagsFromString } from "node:v8";
import type { Environment } from "./config.ts";
import { agentConfig, cloneConfig, ConfigError, lookConfig, mintConfig, publishConfig, recorderConfig } from "./config.ts";
import type { Log } from "./log.ts";
import { makeLog } from "./log.ts";

// Each command loads only its own code: the recorder has no use for the Claude SDK.
const commands: Readonly<Record<string, (environment: Environment, log: Log) => Promise<void>>> = {
  clone: async (environment, log) => {
    const config = cloneConfig(environment);
    const { runClone } = await import("./clone/index.ts");
    // No result then: the operator names the cause. Leaving by exit ends git and removes the token.
    process.once("SIGTERM", () => process.exit(143));
    await runClone(config, log);
  },
  agent: async (environment, log) => {
    const config = agentConfig(environment);
    // A turn's code runs some dozens of times in all: compiled at once it takes a tenth less than interpreted first.
    setFlagsFromString("--always-sparkplug");
    const { runAgent } = await import("./agent/index.ts");
    await runAgent(config, log);
  },
  publish: async (environment, log) => {
    const config = publishConfig(environment);
    const { runPublish } = await import("./publish/index.ts");
    await runPublish(config, log, interruptible());
  },
  discover: async (environment, log) => {
    const config = lookConfig(environment);
    const { runDiscover } = await import("./discover/index.ts");
    await runDiscover(config, log, interruptible());
  },
  track: async (environment, log) => {
    const config = lookConfig(environment);
    const { runTrack } = await import("./track/index.ts");
    await runTrack(config, log, interruptible());
  },
  mint: async (environment, log) => {
    const config = mintConfig(environment);
    const { runMint } = await import("./mint/index.ts");
    // No result then, as for clone: the operator names the cause, or has it done again.
    process.once("SIGTERM", () => process.exit(143));
    await runMint(config, log, Date.now);
  },
  record: async (environment, log) => {
    const config = recorderConfig(environment);
    const { runRecorder } = await import("./record/index.ts");
    await runRecorder(config, log);
  },
};

function interruptible(): { readonly interrupt: AbortSignal; readonly now: () => number } {
  const interrupt = new AbortController();
  process.once("SIGTERM", () => interrupt.abort());
  return { interrupt: interrupt.signal, now: Date.now };
}

async function main(name: string | undefined, rest: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name ?? "") ? commands[name ?? ""] : undefined;
  if (command === undefined || rest.length > 0) {
    console.error(
      `usage: runner ${Object.keys(commands).join(" | ")}\nSettings come from the environment, CODYBATCH_…; see the runner's config.ts.`,
    );
    process.exitCode = 2;
    return;
  }
  const log = makeLog(name ?? "");
  try {
    await command(process.env, log);
  } catch (error) {
    process.exitCode = error instanceof ConfigError ? 2 : 1;
    log.error(error instanceof ConfigError ? { problems: error.problems } : { err: error }, "ended by a fault");
  }
}

await main(process.argv[2], process.argv.slice(3));
