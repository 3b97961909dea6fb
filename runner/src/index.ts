export type { Base } from "./clone/index.ts";
export type { Patch, Worktree } from "./git/index.ts";
export { applyPatch, makePatch } from "./git/index.ts";
export { costOf } from "./agent/money/cost.ts";
export type { RequestUsage } from "./agent/money/cost.ts";
export { priceOf } from "./agent/money/prices.ts";
