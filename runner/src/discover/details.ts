import { FoundBranch, optOutFile, RepositoryName, type FoundRepository, type SkipReason } from "@codybatch/crds";
import { z } from "zod";
import type { GitHubReader } from "../github/reader.ts";
import { askTogether, type Fields, type Told } from "../github/together.ts";

/** What a repository says about itself, beyond what a search tells. */
export interface Details {
  readonly name: string;
  readonly archived: boolean;
  readonly fork: boolean;
  readonly optedOut: boolean;
  /** Undefined when it has no commit. */
  readonly defaultBranch: string | undefined;
  readonly push: FoundRepository["push"];
}

const fields: Fields = {
  selection: `nameWithOwner isArchived isFork viewerPermission defaultBranchRef { name } optOut: object(expression: "HEAD:${optOutFile}") { __typename }`,
};

const Answer = z.object({
  nameWithOwner: RepositoryName,
  isArchived: z.boolean(),
  isFork: z.boolean(),
  viewerPermission: z.string().nullish(),
  defaultBranchRef: z.object({ name: FoundBranch }).nullish(),
  optOut: z.object({}).nullish(),
});

/** Asks for many at once; undefined for each that is gone or that the credential may not read. Throws what the reader throws. */
export async function detailsOf(reader: GitHubReader, names: readonly string[]): Promise<readonly (Details | undefined)[]> {
  const asked = names.map((repository) => ({ repository }));
  const { told } = await askTogether(reader, asked, fields);
  return told.map(read);
}

/** A part that may not be read, the opt-out file above all, makes the whole unreadable: no is the safe answer. */
function read({ value, faults }: Told): Details | undefined {
  const { data } = Answer.safeParse(value);
  if (data === undefined || faults.length > 0) return undefined;
  return {
    name: data.nameWithOwner,
    archived: data.isArchived,
    fork: data.isFork,
    optedOut: data.optOut != null,
    defaultBranch: data.defaultBranchRef?.name,
    push: pushOf(data.viewerPermission ?? undefined),
  };
}

const maypush = ["WRITE", "MAINTAIN", "ADMIN"];

/** An App's token has no user, so that GitHub says nothing. */
function pushOf(permission: string | undefined): FoundRepository["push"] {
  if (permission === undefined) return "unknown";
  return maypush.includes(permission) ? "yes" : "no";
}

/** Why a repository is not taken after all. */
export function refusalOf(
  details: Details | undefined,
  asked: { readonly archived: boolean; readonly forks: boolean },
): SkipReason | undefined {
  if (details === undefined) return "NotReadable";
  if (details.archived && !asked.archived) return "Archived";
  if (details.fork && !asked.forks) return "Fork";
  if (details.optedOut) return "OptedOut";
  return details.defaultBranch === undefined ? "Empty" : undefined;
}
