import {
  type DiscoverInput,
  type DiscoverOutcome,
  type Discovery,
  type FoundRepository,
  namedSkips,
  type SkipReason,
} from "@codybatch/crds";
import type { GitHubReader } from "../github/reader.ts";
import { union } from "./hit.ts";
import { searchCode, type Searched, SearchRefused, searchRepositories } from "./search.ts";
import { select } from "./select.ts";
import { sift, type Skip } from "./sift.ts";
import { discoveredMessage, nothingMessage, tooManyMessage } from "./words.ts";

/** What discovery came to, and what it saw. */
export interface Found {
  readonly outcome: DiscoverOutcome;
  readonly discovery?: Discovery;
}

/** Finds the repositories of a selector. Throws what the reader throws: half a list is no answer. */
export async function discover(input: DiscoverInput, reader: GitHubReader): Promise<Found> {
  const { search, codeSearch, forks } = input.selector;
  if (search === undefined && codeSearch === undefined) {
    return refused("SearchRefused", "spec.repositorySelector has neither search nor codeSearch. Make a new BatchChange with one of them.");
  }
  try {
    const byName = search === undefined ? undefined : await searchRepositories(reader, search, forks);
    const byCode = codeSearch === undefined ? undefined : await searchCode(reader, codeSearch);
    return await chosen(input, reader, { byName, byCode });
  } catch (error) {
    if (error instanceof SearchRefused) return refused("SearchRefused", error.message);
    throw error;
  }
}

interface Searches {
  readonly byName: Searched | undefined;
  readonly byCode: Searched | undefined;
}

async function chosen(input: DiscoverInput, reader: GitHubReader, { byName, byCode }: Searches): Promise<Found> {
  const hits = union([...(byName?.hits ?? []), ...(byCode?.hits ?? [])]);
  const { kept, skipped } = sift(hits, input);
  const selected = await select(reader, kept, input);
  const discovery: Discovery = {
    found: hits.length,
    ...told([...skipped, ...selected.skipped]),
    ...(byName === undefined ? {} : { search: byName.extent }),
    ...(byCode === undefined ? {} : { codeSearch: byCode.extent }),
  };
  return { ...verdict(input, selected.repositories, discovery), discovery };
}

/** More than the administrator's most is no reason to take the first of them: nobody chose those. */
function verdict(input: DiscoverInput, repositories: readonly FoundRepository[], discovery: Discovery): Found {
  if (repositories.length === 0) return refused("NothingFound", nothingMessage(discovery));
  if (input.listed.length + repositories.length > input.maxRepositories) {
    return refused("LimitExceeded", tooManyMessage(input, repositories.length));
  }
  const message = discoveredMessage(repositories.length, discovery);
  return { outcome: { kind: "Discovered", message, repositories: [...repositories] } };
}

function refused(reason: "NothingFound" | "LimitExceeded" | "SearchRefused", message: string): Found {
  return { outcome: { kind: "Refused", reason, message: message.slice(0, 1024) } };
}

function told(skips: readonly Skip[]): Pick<Discovery, "skipped" | "skippedCounts"> {
  const counts: Partial<Record<SkipReason, number>> = {};
  for (const { reason } of skips) counts[reason] = (counts[reason] ?? 0) + 1;
  const sorted = skips.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return { skipped: sorted.slice(0, namedSkips), skippedCounts: counts };
}
