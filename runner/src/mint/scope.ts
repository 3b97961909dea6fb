import type { Task } from "./task.ts";

export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

/** What a token is for. */
export interface Scope {
  /** Without them there is no use in a token. */
  readonly needed: Permissions;
  /** Asked for where the App was given them; what needs one then names it itself. */
  readonly wished: Permissions;
}

const reads: Scope = { needed: { contents: "read" }, wished: {} };
/** The logs of failed checks too. */
const readsLogs: Scope = { needed: { contents: "read" }, wished: { actions: "read", checks: "read", statuses: "read" } };
/** GitHub's names for what tells how a pull request stands. */
const follows: Scope = { needed: { contents: "read", pull_requests: "read" }, wished: { checks: "read", statuses: "read" } };
const publishes: Scope = { needed: { contents: "write", pull_requests: "write" }, wished: {} };
const closes: Scope = { needed: { contents: "read", pull_requests: "write" }, wished: {} };

/** The least that a task needs: reading alone for whatever runs beside a model, workflows only where the administrator and the user let a change touch them. */
export function scopeOf(task: Task): Scope {
  if (task.kind === "track") return follows;
  if (task.kind === "change") return task.input.ciFailure === undefined ? reads : readsLogs;
  if (task.kind === "discover") return reads;
  if ("close" in task.input) return closes;
  return task.input.allowsWorkflows ? { ...publishes, wished: { workflows: "write" } } : publishes;
}

/** What to ask for, and what of the needed was not given to the App. */
export function grantable({ needed, wished }: Scope, granted: Readonly<Record<string, string | undefined>>) {
  const has = ([name, level]: readonly [string, Level]): boolean => granted[name] === "write" || granted[name] === level;
  const missing = Object.entries(needed).filter((one) => !has(one));
  const permissions: Permissions = { ...needed, ...Object.fromEntries(Object.entries(wished).filter(has)) };
  return { permissions, missing: missing.map(([name, level]) => `${name}: ${level}`) };
}
