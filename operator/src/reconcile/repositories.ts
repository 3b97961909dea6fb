import { canonicalURL, changesetName, repositoryName, type BatchChange, type Repository } from "@codybatch/crds";

/** One entry of spec.repositories with the Changeset that stands for it. */
export interface Entry {
  readonly changeset: string;
  readonly repository: Repository & { readonly name: string };
  /** Changeset of the earlier entry that names the same repository and branch. */
  readonly duplicateOf?: string;
}

/** Entries in the order of the spec. The first spelling of a repository and branch counts; further ones are duplicates with a Changeset of their own. */
export function entriesOf(batch: BatchChange): readonly Entry[] {
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

/** No branch holds a zero byte, so this never meets the name of a Changeset that runs. */
function duplicateBranch(repository: Repository): string {
  return `${repository.branch}\0${repository.url}`;
}
