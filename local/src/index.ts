export * from "./claude/index.ts";
export * from "./server/index.ts";
export * from "./processes/index.ts";
