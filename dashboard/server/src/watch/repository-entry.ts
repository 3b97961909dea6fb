import { changesetPhases, type ChangesetPhase, type Metadata } from "@codybatch/crds";
import { slimMetadata } from "@codybatch/operator";
import { z } from "zod";
import { StatusUsage, usedOf, type Used } from "./used.ts";
import type { Words } from "./word.ts";

const text = z.string().optional().catch(undefined);
const AttemptUse = z.object({ finishedAt: text, startedAt: text, usage: StatusUsage.optional().catch(undefined) });
const PullRequest = z.object({
  url: z.string(),
  number: z.int(),
  state: z.string(),
  draft: z.boolean().optional().catch(undefined),
  checks: text,
  review: text,
  createdAt: text,
  mergedAt: text,
  closedAt: text,
});

const Raw = z.object({
  spec: z.object({ batchChange: z.string(), repository: z.object({ name: z.string(), branch: z.string().catch("HEAD") }) }),
  status: z
    .object({
      phase: z.enum(changesetPhases).catch("Pending"),
      reason: text,
      result: z
        .object({ additions: z.int().catch(0), deletions: z.int().catch(0), filesChanged: z.int().catch(0) })
        .optional()
        .catch(undefined),
      usage: StatusUsage.optional().catch(undefined),
      pullRequest: PullRequest.optional().catch(undefined),
      attempts: z.array(AttemptUse).catch([]),
      job: text,
      outdated: z.boolean().optional().catch(undefined),
    })
    .partial()
    .prefault({}),
});

/** One attempt's use on the day on which it ended. */
export interface DayUse {
  readonly day: string;
  readonly used: Used;
}

/** What lists, search, charts and the stream need of a Changeset, and no more. */
export interface RepositoryEntry {
  readonly metadata: Metadata;
  readonly batchChange: string;
  readonly repository: string;
  readonly branch: string | undefined;
  readonly phase: ChangesetPhase;
  readonly reason: string | undefined;
  readonly diff: { readonly filesChanged: number; readonly additions: number; readonly deletions: number } | undefined;
  readonly attempts: number;
  readonly running: boolean;
  readonly startedAt: string | undefined;
  /** End of the newest attempt. */
  readonly finishedAt: string | undefined;
  readonly used: Used | undefined;
  readonly days: readonly DayUse[];
  readonly pullRequest: z.infer<typeof PullRequest> | undefined;
  readonly outdated: boolean;
}

/** Throws a ZodError for what is no Changeset. */
export function repositoryEntry(raw: unknown, words: Words): RepositoryEntry {
  const { spec, status } = Raw.parse(raw);
  const attempts = status.attempts ?? [];
  const running = status.job !== undefined && (status.phase === "Running" || status.phase === "Pending");
  const newest = attempts.at(-1);
  return {
    metadata: metadataOf(raw, words),
    batchChange: words.one(spec.batchChange),
    repository: spec.repository.name,
    branch: spec.repository.branch === "HEAD" ? undefined : words.one(spec.repository.branch),
    phase: status.phase ?? "Pending",
    reason: status.reason === undefined ? undefined : words.one(status.reason),
    diff: status.result,
    attempts: attempts.length + (running ? 1 : 0),
    running,
    startedAt: running ? undefined : newest?.startedAt,
    finishedAt: newest?.finishedAt,
    used: status.usage === undefined ? undefined : usedOf(status.usage),
    days: attempts.flatMap(({ finishedAt, usage }) =>
      usage === undefined || finishedAt === undefined ? [] : [{ day: words.one(finishedAt.slice(0, 10)), used: usedOf(usage) }],
    ),
    pullRequest: status.pullRequest,
    outdated: status.outdated === true,
  };
}

/** Labels and owners are not kept: what a detail needs of them is read when it is asked for. */
function metadataOf(raw: unknown, words: Words): Metadata {
  const { name, namespace, uid, generation, resourceVersion, creationTimestamp } = slimMetadata(raw);
  return { name, namespace: words.one(namespace), uid, generation, resourceVersion, creationTimestamp };
}
