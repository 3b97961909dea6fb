export * from "./claude/index.ts";
export * from "./github/index.ts";
export * from "./server/index.ts";
export * from "./processes/index.ts";
export { Program } from "./demo/program.ts";
export type { ProgramSpec } from "./demo/program.ts";
export { isRunning, signal, startOf } from "./processes/container/identity.ts";
