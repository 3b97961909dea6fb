import { RepositoryName, type SeenPullRequest } from "@codybatch/crds";
import { z } from "zod";
import type { Fields, Told } from "../github/together.ts";

/** Reviews that are looked at where the branch asks for none: the newest of each person who may push. */
const mostReviews = 20;
/** Of the newest commits; a person's come after ours. */
const mostCommits = 20;

/** How a pull request stands. */
export const standing: Fields = {
  selection: "nameWithOwner pullRequest(number: #) { ...Standing }",
  fragments: `fragment Standing on PullRequest {
    url number state isDraft createdAt closedAt mergedAt headRefOid mergeable reviewDecision
    reviews: latestOpinionatedReviews(first: ${mostReviews}, writersOnly: true) { nodes { state } }
    newest: commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } }
  }`,
};

/** Whose commits there are; asked only where the head is not what we published, for messages can be long. */
export const messages: Fields = {
  selection: `pullRequest(number: #) { commits(last: ${mostCommits}) { nodes { commit { message } } } }`,
};

export const mergeability: Fields = { selection: "pullRequest(number: #) { headRefOid mergeable }" };

const list = <T extends z.ZodType>(node: T) => z.object({ nodes: z.array(node.nullable()).nullish() }).nullish();
const time = z.iso.datetime();

const Mergeable = z.enum(["MERGEABLE", "CONFLICTING", "UNKNOWN"]).catch("UNKNOWN");

const Standing = z.object({
  nameWithOwner: RepositoryName,
  pullRequest: z.object({
    url: z.string().max(512),
    number: z.int(),
    state: z.enum(["OPEN", "CLOSED", "MERGED"]),
    isDraft: z.boolean(),
    createdAt: time,
    closedAt: time.nullish(),
    mergedAt: time.nullish(),
    headRefOid: z.string(),
    mergeable: Mergeable,
    reviewDecision: z.string().nullish(),
    reviews: list(z.object({ state: z.string() })),
    newest: list(z.object({ commit: z.object({ oid: z.string(), statusCheckRollup: z.object({ state: z.string() }).nullish() }) })),
  }),
});
export type Standing = z.infer<typeof Standing>["pullRequest"];

/** Undefined for an answer that is none. */
export function standingOf({ value }: Told): Standing | undefined {
  return Standing.safeParse(value).data?.pullRequest;
}

const Messages = z.object({ pullRequest: z.object({ commits: list(z.object({ commit: z.object({ message: z.string() }) })) }) });

export function messagesOf({ value }: Told): readonly string[] | undefined {
  const { data } = Messages.safeParse(value);
  return data?.pullRequest.commits?.nodes?.flatMap((node) => (node === null ? [] : [node.commit.message]));
}

const Mergeability = z.object({ pullRequest: z.object({ headRefOid: z.string(), mergeable: Mergeable }) });

export function mergeabilityOf({ value }: Told): Pick<SeenPullRequest, "headSHA" | "mergeable"> | undefined {
  const { data } = Mergeability.safeParse(value);
  return data === undefined ? undefined : { headSHA: data.pullRequest.headRefOid, mergeable: mergeableWord(data.pullRequest.mergeable) };
}

const mergeableWords = { MERGEABLE: "mergeable", CONFLICTING: "conflicting", UNKNOWN: "unknown" } as const;

export function mergeableWord(word: keyof typeof mergeableWords): SeenPullRequest["mergeable"] {
  return mergeableWords[word];
}
