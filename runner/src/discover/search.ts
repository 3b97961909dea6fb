import type { SearchExtent } from "@codybatch/crds";
import type { z } from "zod";
import { Answered, Unavailable } from "../github/fault.ts";
import type { GitHubReader } from "../github/reader.ts";
import { CodePage, codeHit, type Hit, RepositoryPage, repositoryHit } from "./hit.ts";

/** GitHub never gives more of one search. */
const mostResults = 1000;
const pageSize = 100;

/** GitHub does not take the search; the message says which field, and what to do. */
export class SearchRefused extends Error {
  override name = "SearchRefused";
}

export interface Searched {
  readonly hits: readonly Hit[];
  readonly extent: SearchExtent;
}

export async function searchRepositories(reader: GitHubReader, query: string, forks: boolean): Promise<Searched> {
  const q = withForks(query, forks);
  const { items, extent } = await allPages(async (page) =>
    parsed(RepositoryPage, await taken("search", reader.search("repositories", q, page))),
  );
  return { hits: items.map(repositoryHit), extent };
}

export async function searchCode(reader: GitHubReader, query: string): Promise<Searched> {
  const { items, extent } = await allPages(async (page) => parsed(CodePage, await taken("codeSearch", reader.search("code", query, page))));
  return { hits: items.map(codeHit), extent };
}

/** GitHub leaves forks out unless the search itself speaks of them. */
export function withForks(query: string, forks: boolean): string {
  return forks && !/(^|\s)-?fork:/i.test(query) ? `${query} fork:true` : query;
}

/** Names the field of a search that GitHub does not take. */
async function taken(field: "search" | "codeSearch", answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Answered) || error.status !== 422) throw error;
    const remedy = "Make a new BatchChange with a search that GitHub takes; its search page shows what a search finds.";
    const words = `GitHub refuses spec.repositorySelector.${field}: ${error.message.slice(0, 500)}. ${remedy}`;
    throw new SearchRefused(words, { cause: error });
  }
}

interface Page<T> {
  readonly total_count: number;
  readonly incomplete_results: boolean;
  readonly items: readonly T[];
}

async function allPages<T>(
  read: (page: number) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly extent: SearchExtent }> {
  const items: T[] = [];
  let incomplete = false;
  for (let number = 1; ; number += 1) {
    const page = await read(number);
    items.push(...page.items);
    incomplete ||= page.incomplete_results;
    const within = Math.min(page.total_count, mostResults);
    if (number * pageSize < within && page.items.length > 0) continue;
    return { items, extent: { matched: page.total_count, read: items.length, truncated: page.total_count > mostResults, incomplete } };
  }
}

function parsed<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  const where = error.issues[0]?.path.join(".") ?? "";
  throw new Unavailable(`What the host answers to a search is not of GitHub's form (${where}): check that its API is GitHub's`);
}
