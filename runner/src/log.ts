import type { Logger } from "pino";
import { pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** JSON lines on stderr; stdout stays free. */
export function makeLog(component: string): Log {
  return pino({ base: { component }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}
