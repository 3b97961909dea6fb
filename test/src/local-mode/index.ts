export { Api, isComplete } from "./api.ts";
export { isTurn, questionOf } from "./claude.ts";
export type { Question } from "./claude.ts";
export type { ContainerName, RunningContainer } from "./containers.ts";
export { Gate } from "./gate.ts";
export type { Exchange, Hold, Moment } from "./gate.ts";
export { LocalMode, parts, startLocalMode } from "./local-mode.ts";
export type { GateName, LocalModeOptions, Part, Remains } from "./local-mode.ts";
export { git, makeRepository } from "./repository.ts";
