import { canonicalURL, changesetName, repositoryName, type BatchChange, type Repository } from "@codybatch/crds";
import { isDiscovered, isFound, type Known } from "./discover/answer.ts";

/** One repository and branch of a batch with the Changeset that stands for it. */
export interface Entry {
  readonly changeset: string;
  readonly repository: Repository & { readonly name: string };
  /** Changeset of the earlier entry that names the same repository and branch. */
  readonly duplicateOf?: string;
  /** A search found it; spec.repositories does not name it. */
  readonly isFound?: true;
}

/**
 * Entries in the order of spec.repositories, then what a search found by name. The first spelling of a repository and branch
 * counts; further ones are duplicates with a Changeset of their own. None at all before the answer of a search is known.
 */
export function entriesOf(batch: BatchChange, known: Known = { changesets: [] }): readonly Entry[] {
  if (!isDiscovered(batch, known)) return [];
  const listed = listedEntries(batch);
  const names = new Set(listed.map(({ changeset }) => changeset));
  return [...listed, ...foundEntries(batch, known).filter(({ changeset }) => !names.has(changeset))];
}

function listedEntries(batch: BatchChange): readonly Entry[] {
  const seen = new Map<string, string>();
  return (batch.spec.repositories ?? []).map((repository) => {
    const key = `${canonicalURL(repository.url)}\0${repository.branch}`;
    const first = seen.get(key);
    const changeset = changesetName(batch.metadata, repository.url, first === undefined ? repository.branch : duplicateBranch(repository));
    if (first === undefined) seen.set(key, changeset);
    const named = { ...repository, name: repositoryName(repository.url) };
    return first === undefined ? { changeset, repository: named } : { changeset, repository: named, duplicateOf: first };
  });
}

/** What the list holds and what already has a Changeset, so that nothing is taken out because the list is gone. */
function foundEntries(batch: BatchChange, { changesets, discovered }: Known): readonly Entry[] {
  if (batch.spec.repositorySelector === undefined) return [];
  const made = changesets.filter(isFound).map(({ metadata, spec }) => found(metadata.name, spec.repository));
  const listed = discovered?.kind === "Known" ? discovered.repositories : [];
  const stored = listed.map(({ url, name }) => found(changesetName(batch.metadata, url, "HEAD"), { url, name, branch: "HEAD" }));
  const byName = new Map([...stored, ...made].map((entry) => [entry.changeset, entry]));
  return [...byName.values()].toSorted((left, right) => compare(left.repository.name.toLowerCase(), right.repository.name.toLowerCase()));
}

function found(changeset: string, repository: Entry["repository"]): Entry {
  return { changeset, repository, isFound: true };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** No branch holds a zero byte, so this never meets the name of a Changeset that runs. */
function duplicateBranch(repository: Repository): string {
  return `${repository.branch}\0${repository.url}`;
}
