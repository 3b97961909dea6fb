import { type FoundRepository, longestFoundPath, RepositoryName } from "@codybatch/crds";
import { z } from "zod";
import { cut } from "../github/cut.ts";

/** A repository that a search found, each once however often it was found. */
export interface Hit {
  /** As the host spells it. */
  readonly name: string;
  readonly why: FoundRepository["why"];
  /** Unknown where only code search found it. */
  readonly archived: boolean | undefined;
  readonly fork: boolean | undefined;
}

const Repository = z.object({ full_name: RepositoryName, archived: z.boolean().optional(), fork: z.boolean().optional() });
const page = <T extends z.ZodType>(item: T) =>
  z.object({ total_count: z.int().min(0), incomplete_results: z.boolean(), items: z.array(item).max(100) });

/** What GitHub answers to a search. */
export const RepositoryPage = page(Repository);
export const CodePage = page(z.object({ path: z.string(), repository: Repository }));

export function repositoryHit({ full_name: name, archived, fork }: z.infer<typeof Repository>): Hit {
  return { name, why: { search: true }, archived, fork };
}

export function codeHit({ path, repository }: z.infer<typeof CodePage>["items"][number]): Hit {
  const { full_name: name, archived, fork } = repository;
  return { name, why: { search: false, code: { path: cut(path, longestFoundPath), files: 1 } }, archived, fork };
}

/** The union of what both searches found, sorted by name without regard to case. */
export function union(hits: readonly Hit[]): readonly Hit[] {
  const byName = new Map<string, Hit>();
  for (const hit of hits) {
    const key = hit.name.toLowerCase();
    const known = byName.get(key);
    byName.set(key, known === undefined ? hit : both(known, hit));
  }
  return [...byName.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, hit]) => hit);
}

function both(known: Hit, hit: Hit): Hit {
  const files = (known.why.code?.files ?? 0) + (hit.why.code?.files ?? 0);
  const path = known.why.code?.path ?? hit.why.code?.path;
  return {
    name: known.name,
    why: { search: known.why.search || hit.why.search, ...(path === undefined ? {} : { code: { path, files } }) },
    archived: known.archived ?? hit.archived,
    fork: known.fork ?? hit.fork,
  };
}
