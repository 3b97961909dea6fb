import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";
import { ApiError, ConnectionError } from "./cluster/errors.ts";

/** A static message, fields first: `log.info({ job }, "started a Job")`. */
export type Log = Logger;

/** Names of fields that never reach the log, wherever they stand in the first three levels. */
const secretFields = ["authorization", "Authorization", "token", "apiKey", "api-key", "password", "secret", "tls"];
const redacted = secretFields.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]);

/** JSON lines to standard output, or to the given destination. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: { paths: redacted, censor: "[redacted]" },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Where the API server said no or nothing, the stack of our own calls tells nobody anything. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { stack, ...fields } = pino.stdSerializers.err(error);
  const isOrdinary = error instanceof ApiError || error instanceof ConnectionError;
  return isOrdinary ? fields : { ...fields, stack };
}
