import { canonicalURL, matchesAny, type DiscoverInput, type SkipReason } from "@codybatch/crds";
import type { Hit } from "./hit.ts";
import { fitsWildcard } from "./wildcard.ts";

export interface Skip {
  readonly name: string;
  readonly reason: SkipReason;
}

export interface Sifted {
  readonly kept: readonly Hit[];
  readonly skipped: readonly Skip[];
}

/** Takes out what needs no further question to GitHub. */
export function sift(hits: readonly Hit[], input: DiscoverInput): Sifted {
  const judged = hits.map((hit) => ({ hit, reason: reasonToSkip(hit, input) }));
  return {
    kept: judged.flatMap(({ hit, reason }) => (reason === undefined ? [hit] : [])),
    skipped: judged.flatMap(({ hit: { name }, reason }) => (reason === undefined ? [] : [{ name, reason }])),
  };
}

/** What the user asked for comes first, so that the reason is the one that the user can change. */
function reasonToSkip(hit: Hit, { selector, githubURL, listed, repositoryPatterns }: DiscoverInput): SkipReason | undefined {
  const url = foundURL(githubURL, hit.name);
  if (selector.exclude?.some((pattern) => fitsWildcard(hit.name, pattern)) === true) return "Excluded";
  if (!matchesAny(url, repositoryPatterns)) return "NotAllowed";
  if (listed.some((one) => one.branch === "HEAD" && canonicalURL(one.url) === url)) return "Duplicate";
  if (hit.archived === true && !selector.archived) return "Archived";
  return hit.fork === true && !selector.forks ? "Fork" : undefined;
}

/** The host is the input's: what an answer says about addresses is not followed. */
export function foundURL(githubURL: string, name: string): string {
  return canonicalURL(`${githubURL.replace(/\/+$/, "")}/${name}`);
}
