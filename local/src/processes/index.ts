export { startProcesses } from "./start.ts";
export type { Processes, ProcessesOptions } from "./start.ts";
export { LockedError } from "./disk/lock.ts";
