export { isComplete } from "./api.ts";
export { isTurn, questionOf } from "./claude.ts";
export type { Exchange, Hold, Moment } from "./gate.ts";
export { LocalMode, startLocalMode } from "./local-mode.ts";
export type { GateName, Part } from "./commands.ts";
export { git, makeRepository } from "./repository.ts";
export { patience } from "./settings.ts";
export { stepOf } from "./steps.ts";
export type { Step } from "./steps.ts";
