import type { PublishedPullRequest } from "@codybatch/crds";
import { z } from "zod";

const Login = z.object({ login: z.string() });

/** A pull request, in a list or alone. */
export const Pull = z.object({
  number: z.int(),
  html_url: z.string().max(512),
  state: z.enum(["open", "closed"]),
  title: z.string(),
  body: z.string().nullish(),
  user: Login.nullish(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  created_at: z.string(),
  merged_at: z.string().nullish(),
  labels: z.array(z.object({ name: z.string().optional() })).default([]),
  requested_reviewers: z.array(Login).nullish(),
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
});
export type Pull = z.infer<typeof Pull>;

/** As the result tells it; `headSHA` where more is known of it than when it was read. */
export function published(pull: Pull, headSHA = pull.head.sha): PublishedPullRequest {
  const mergedAt = pull.merged_at ?? undefined;
  return {
    url: pull.html_url,
    number: pull.number,
    state: mergedAt === undefined ? pull.state : "merged",
    headSHA,
    createdAt: pull.created_at,
    ...(mergedAt === undefined ? {} : { mergedAt }),
  };
}

/** The one that counts of all with our branch as head: the open one, else the newest. */
export function current(pulls: readonly Pull[]): Pull | undefined {
  const newestFirst = pulls.toSorted((a, b) => b.number - a.number);
  return newestFirst.find(({ state }) => state === "open") ?? newestFirst[0];
}
