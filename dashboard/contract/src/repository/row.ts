import { changesetPhases } from "@codybatch/crds";
import { z } from "zod";
import { At, Count, Dollars } from "../field.ts";

const PullRequestMark = z.object({
  url: z.string().meta({ description: "Hostile: a link only when it is https." }),
  number: z.int(),
  state: z.string().meta({ description: "draft, open, closed or merged." }),
  review: z.string().optional(),
  checks: z.string().optional(),
});

/** One line of the table of repositories: about 400 bytes of JSON. */
export const RepositoryRow = z.object({
  changeset: z.string(),
  repository: z.string().meta({ description: "owner/name." }),
  branch: z.string().optional().meta({ description: "Absent for the default branch." }),
  phase: z.enum(changesetPhases),
  reason: z.string().optional(),
  additions: Count.optional(),
  deletions: Count.optional(),
  attempts: Count.meta({ description: "Tries so far." }),
  startedAt: At.optional().meta({ description: "Start of the newest try." }),
  seconds: z.number().min(0).optional().meta({ description: "How long the newest try took; absent while it runs." }),
  costUSD: Dollars.optional(),
  pullRequest: PullRequestMark.optional(),
  outdated: z.literal(true).optional().meta({ description: "The prompt or the like changed since." }),
});
export type RepositoryRow = z.infer<typeof RepositoryRow>;
