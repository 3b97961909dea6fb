import { type DiscoverInput, type Discovery, type SearchExtent, skipReasons } from "@codybatch/crds";

export function discoveredMessage(taken: number, seen: Discovery): string {
  return sentences(`${count(taken, "repository", "repositories")} of ${seen.found} found ${taken === 1 ? "is" : "are"} taken`, seen);
}

export function nothingMessage(seen: Discovery): string {
  if (seen.found === 0) return sentences("The search found no repository. Check its words, and what the read credential may see", seen);
  return sentences(
    `None of ${count(seen.found, "found repository", "found repositories")} is taken. Make a new BatchChange with another selector`,
    seen,
  );
}

export function tooManyMessage({ listed, maxRepositories, selector }: DiscoverInput, taken: number): string {
  const all =
    listed.length === 0 ? `${taken} found repositories are` : `${listed.length} listed and ${taken} found repositories are together`;
  const remedy = `set spec.repositorySelector.limit, now ${selector.limit}, to at most ${Math.max(1, maxRepositories - listed.length)}`;
  return `${all} more than the ${maxRepositories} that the administrator allows in one batch; nothing runs. Make a new BatchChange: ${remedy}, or ask for a higher limit.`;
}

function sentences(first: string, { skippedCounts, search, codeSearch }: Discovery): string {
  const skips = skipReasons.flatMap((reason) => (skippedCounts[reason] === undefined ? [] : [`${reason} ${skippedCounts[reason]}`]));
  const left = skips.length === 0 ? "" : ` Left out: ${skips.join(", ")}.`;
  return `${first}.${left}${short("search", search)}${short("codeSearch", codeSearch)}`;
}

/** Says what of a search nobody has seen. */
function short(field: "search" | "codeSearch", extent: SearchExtent | undefined): string {
  if (extent === undefined) return "";
  const what = `spec.repositorySelector.${field}`;
  const cut = extent.truncated
    ? ` GitHub gives the first 1,000 of the ${extent.matched} matches of ${what} only: narrow it to see all.`
    : "";
  return `${cut}${extent.incomplete ? ` GitHub ran out of time with ${what}, so some may be missing: narrow it.` : ""}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
