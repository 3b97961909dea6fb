export { runAgent } from "./run.ts";
export type { AgentPorts } from "./ports.ts";
export type { AgentConfig } from "./settings.ts";
