import type { RepositoryEntry } from "../watch/repository-entry.ts";
import type { Used } from "../watch/used.ts";

/** What a repository used in attempts that status no longer lists one by one; undefined when there is nothing. */
export function leftOver({ used, days }: RepositoryEntry): Used | undefined {
  if (used === undefined) return undefined;
  const listed = (pick: (use: Used) => number): number => days.reduce((sum, day) => sum + pick(day.used), 0);
  const rest = (pick: (use: Used) => number): number => Math.max(0, pick(used) - listed(pick));
  const priced = used.nano === undefined || days.some((day) => day.used.nano === undefined) ? undefined : rest(({ nano }) => nano ?? 0);
  const left = {
    input: rest(({ input }) => input),
    output: rest(({ output }) => output),
    cacheRead: rest(({ cacheRead }) => cacheRead),
    cacheWrite: rest(({ cacheWrite }) => cacheWrite),
    nano: priced,
  };
  const isNothing = left.input + left.output + left.cacheRead + left.cacheWrite + (left.nano ?? 0) === 0;
  return isNothing ? undefined : left;
}
