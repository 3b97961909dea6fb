export { ScenarioError, loadScenarios } from "./scenario.ts";
export type { Scenario } from "./scenario.ts";
export { anthropicVersion, standInHeader, startClaude } from "./server.ts";
export type { Claude, ClaudeOptions } from "./server.ts";
