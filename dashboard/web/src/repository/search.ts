import { numberIn, type RawSearch, textIn, wordIn } from "../url/search.ts";

export const repositoryTabs = ["diff", "transcript", "checks", "attempts", "pull-request"] as const;
export type RepositoryTab = (typeof repositoryTabs)[number];

/** What the address of a repository says. */
export interface RepositorySearch {
  readonly tab?: RepositoryTab | undefined;
  /** Attempt and try, such as 0-1; the newest when absent. */
  readonly attempt?: string | undefined;
  /** Attempt that is compared with it. */
  readonly other?: string | undefined;
  /** Path of the file that a line's anchor speaks of. */
  readonly file?: string | undefined;
  /** Number of the event that is pointed at. */
  readonly event?: number | undefined;
  /** What is looked for in the transcript. */
  readonly find?: string | undefined;
}

export function readRepositorySearch(raw: RawSearch): RepositorySearch {
  return {
    tab: wordIn(raw, "tab", repositoryTabs),
    attempt: attemptIn(raw, "attempt"),
    other: attemptIn(raw, "other"),
    file: textIn(raw, "file"),
    event: numberIn(raw, "event"),
    find: textIn(raw, "find"),
  };
}

function attemptIn(raw: RawSearch, key: string): string | undefined {
  const text = textIn(raw, key);
  return text !== undefined && /^\d{1,4}-\d{1,4}$/.test(text) ? text : undefined;
}
