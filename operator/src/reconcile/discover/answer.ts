import { label, type BatchChange, type Changeset, type FoundRepository } from "@codybatch/crds";

/** The list that a search came to, as it is stored. Gone: its ConfigMap is no more, or nobody can read it. */
export type Answer =
  | { readonly kind: "Known"; readonly repositories: readonly Pick<FoundRepository, "url" | "name">[] }
  | { readonly kind: "Gone" };

/** What is known of a search whose answer counts. */
export interface Known {
  readonly changesets: readonly Changeset[];
  readonly discovered?: Answer | undefined;
}

/** It was made for a repository that a search found, and stays whatever becomes of the list. */
export function isFound({ metadata }: Changeset): boolean {
  return metadata.labels?.[label.discovered] === "true";
}

/** The repositories of the batch are known, so that Changesets may be made. Always, where nothing is searched for. */
export function isDiscovered({ spec, status }: BatchChange, { changesets, discovered }: Known): boolean {
  if (spec.repositorySelector === undefined || changesets.some(isFound)) return true;
  return status?.discovery?.outcome === "Discovered" && discovered?.kind !== "Gone";
}

/** Some of what was found has no Changeset yet, so that the list is needed. */
export function needsAnswer({ spec, status }: BatchChange, changesets: readonly Changeset[]): boolean {
  const { outcome, taken = 0 } = status?.discovery ?? {};
  return spec.repositorySelector !== undefined && outcome === "Discovered" && changesets.filter(isFound).length < taken;
}
