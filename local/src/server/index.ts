export { startServer } from "./server.ts";
export type { RunningServer, ServerLog, ServerOptions } from "./server.ts";
export type { Cut, Fault, FaultSource, FaultedRequest } from "./http/fault.ts";
