import { pino } from "pino";

import { readConfig, usage, UsageError } from "./config.ts";
import { LockedError } from "./disk/lock.ts";
import { startProcesses } from "./start.ts";

const log = pino({ name: "processes" });

try {
  const { stopsAll, ...options } = readConfig(process.argv.slice(2), process.env);
  const processes = await startProcesses({ ...options, log });
  const end = async (signal: string): Promise<void> => {
    log.info({ signal, stopsAll }, "Process runner stops");
    await (stopsAll ? processes.stopAll() : processes.close());
    process.exit(0);
  };
  process.once("SIGTERM", (signal) => void end(signal));
  process.once("SIGINT", (signal) => void end(signal));
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof LockedError)) throw error;
  process.stderr.write(`${error.message}\n${error instanceof UsageError ? `${usage}\n` : ""}`);
  process.exit(2);
}
