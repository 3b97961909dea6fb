import { mergedTree } from "../git/merge.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "./model.ts";

/**
 * Whether a pull request merges. Undefined the first time that it is asked for a pair of commits, since GitHub works it out
 * only then, and for one that is closed.
 */
export async function mergeability(site: Site, repository: Repository, pull: Pull): Promise<boolean | undefined> {
  const bare = gitOf(site, repository);
  const base = await bare.tip(`refs/heads/${pull.base.ref}`);
  if (pull.state === "closed" || base === undefined) return undefined;
  const pair = `${base} ${pull.head.sha}`;
  const isKnown = pull.mergeabilityOf === pair;
  pull.mergeabilityOf = pair;
  return isKnown ? (await mergedTree(bare, base, pull.head.sha)) !== undefined : undefined;
}
