export { ensureExactBytes } from "./attributes.ts";
export { GitError } from "./error.ts";
export { listEntries, listFiles } from "./files.ts";
export { isIgnored } from "./ignored.ts";
export type { Patch } from "./patch.ts";
export { applyPatch, makePatch, treeOfPatch } from "./patch.ts";
export type { GitOptions } from "./process.ts";
export { git } from "./process.ts";
export type { Worktree } from "./worktree.ts";
