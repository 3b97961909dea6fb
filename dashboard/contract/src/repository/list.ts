import { changesetPhases } from "@codybatch/crds";
import { z } from "zod";
import { Count, Cursor, FacetCount, Freshness, PageSize, SearchText, wordsOf } from "../field.ts";
import { Explained } from "../reason.ts";
import { repositorySorts } from "../sorts.ts";
import { RepositoryRow } from "./row.ts";

export const RepositoryListQuery = z.strictObject({
  phase: wordsOf(changesetPhases, "Only repositories in one of these phases.").optional(),
  reason: z.string().max(64).optional().meta({ description: "Only repositories with this reason." }),
  q: SearchText.optional().meta({ description: "Words that must all occur in repository, branch, reason or Changeset." }),
  sort: z.enum(repositorySorts).optional().meta({ description: "Order; phase (failed first) when absent." }),
  cursor: Cursor.optional(),
  limit: PageSize.optional(),
});

/** Failed or waiting repositories of one reason. */
export const ReasonGroup = Explained.extend({
  count: Count,
  phases: z.array(FacetCount),
  examples: z.array(z.string()).meta({ description: "Up to three owner/name." }),
});
export type ReasonGroup = z.infer<typeof ReasonGroup>;

export const RepositoryList = Freshness.extend({
  items: z.array(RepositoryRow),
  next: z.string().optional().meta({ description: "Cursor of the next page; absent on the last." }),
  total: Count.meta({ description: "Repositories that the filters leave." }),
  visible: Count.meta({ description: "Repositories of the batch, filters aside." }),
  facets: z.object({ phase: z.array(FacetCount), reason: z.array(FacetCount) }),
  groups: z.array(ReasonGroup).meta({ description: "By reason, most first, phase and reason filters aside." }),
});
export type RepositoryList = z.infer<typeof RepositoryList>;
