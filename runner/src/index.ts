export type { Base } from "./clone/index.ts";
export type { Patch, Worktree } from "./git/index.ts";
export { applyPatch, makePatch } from "./git/index.ts";
