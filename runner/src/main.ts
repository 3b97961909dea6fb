import { runAgent } from "./agent/index.ts";
import { runClone } from "./clone/index.ts";
import type { Environment } from "./config.ts";
import { agentConfig, cloneConfig, ConfigError, recorderConfig } from "./config.ts";
import type { Log } from "./log.ts";
import { makeLog } from "./log.ts";
import { runRecorder } from "./record/index.ts";

const commands: Readonly<Record<string, (environment: Environment, log: Log) => Promise<void>>> = {
  clone: async (environment, log) => await runClone(cloneConfig(environment), log),
  agent: async (environment, log) => await runAgent(agentConfig(environment), log),
  record: async (environment, log) => await runRecorder(recorderConfig(environment), log),
};

async function main(name: string | undefined, rest: readonly string[]): Promise<void> {
  const command = commands[name ?? ""];
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
