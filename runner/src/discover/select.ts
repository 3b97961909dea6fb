import { canonicalURL, type DiscoverInput, type FoundRepository, type SkipReason } from "@codybatch/crds";
import type { GitHubReader } from "../github/reader.ts";
import { type Details, detailsOf, refusalOf } from "./details.ts";
import type { Hit } from "./hit.ts";
import { foundURL, type Skip } from "./sift.ts";

/** Repositories in one query: GitHub looks into each for the opt-out file and gives a query ten seconds. */
const mostAsked = 50;
const leastAsked = 10;

export interface Selected {
  readonly repositories: readonly FoundRepository[];
  readonly skipped: readonly Skip[];
}

/** Takes the first that fit, in the order of their names, up to the limit; what comes after is not asked about. Throws what the reader throws. */
export async function select(reader: GitHubReader, hits: readonly Hit[], input: DiscoverInput): Promise<Selected> {
  const { limit } = input.selector;
  const repositories: FoundRepository[] = [];
  const skipped: Skip[] = [];
  let rest = hits;
  while (rest.length > 0 && repositories.length < limit) {
    const batch = rest.slice(0, Math.max(leastAsked, Math.min(mostAsked, limit - repositories.length)));
    rest = rest.slice(batch.length);
    const details = await detailsOf(
      reader,
      batch.map(({ name }) => name),
    );
    for (const [index, hit] of batch.entries()) {
      const judged = judge(hit, details[index], input, repositories.length >= limit);
      if ("reason" in judged) skipped.push(judged);
      else repositories.push(judged);
    }
  }
  return { repositories, skipped: [...skipped, ...rest.map(({ name }) => ({ name, reason: "BeyondLimit" as const }))] };
}

function judge(hit: Hit, details: Details | undefined, input: DiscoverInput, isFull: boolean): FoundRepository | Skip {
  const skip = (reason: SkipReason): Skip => ({ name: hit.name, reason });
  const { selector, githubURL, listed } = input;
  const reason = refusalOf(details, selector);
  if (reason !== undefined) return skip(reason);
  if (details?.defaultBranch === undefined) return skip("Empty");
  const { name, defaultBranch, push } = details;
  // Moved since it was indexed, perhaps to an owner that is not allowed or is excluded.
  if (name.toLowerCase() !== hit.name.toLowerCase()) return skip("NotReadable");
  const url = foundURL(githubURL, name);
  if (listed.some((one) => one.branch === defaultBranch && canonicalURL(one.url) === url)) return skip("Duplicate");
  return isFull ? skip("BeyondLimit") : { url, name, defaultBranch, why: hit.why, push };
}
