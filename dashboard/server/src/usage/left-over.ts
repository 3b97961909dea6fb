import type { RepositoryEntry } from "../watch/repository-entry.ts";
import type { Used } from "../watch/used.ts";

/** What a repository used in attempts that status no longer lists one by one; undefined when there is nothing. */
export function leftOver({ used, days }: RepositoryEntry): Used | undefined {
  if (used === undefined) return undefined;
  let { input, output, cacheRead, cacheWrite, nano } = used;
  for (const { used: listed } of days) {
    input -= listed.input;
    output -= listed.output;
    cacheRead -= listed.cacheRead;
    cacheWrite -= listed.cacheWrite;
    nano = nano === undefined || listed.nano === undefined ? undefined : nano - listed.nano;
  }
  if (input + output + cacheRead + cacheWrite + (nano ?? 0) <= 0) return undefined;
  const rest = {
    input: Math.max(0, input),
    output: Math.max(0, output),
    cacheRead: Math.max(0, cacheRead),
    cacheWrite: Math.max(0, cacheWrite),
  };
  return { ...rest, nano: nano === undefined ? undefined : Math.max(0, nano) };
}
