import type { PublishedPullRequest, Publishing, PublishOutcome, PublishResult, PullRequest } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { after } from "../pods.ts";
import { taskEnding, type TaskEnding } from "../task/ending.ts";
import { tasksOf, type ObservedTask } from "../task/task.ts";
import type { Work } from "../work.ts";
import { afterFailure, isWaitable } from "./patience.ts";

/** What the Job was made for when it closes a pull request; else it is the digest of a patch. */
export const closing = "close";

/** How far the publishing of one Changeset is, the Jobs included that have ended since status was written. */
export interface PublishRecord {
  readonly publishing: Publishing | undefined;
  readonly pullRequest: PullRequest | undefined;
  /** The one that has not ended, or whose result may still arrive. */
  readonly open: { readonly job: ObservedTask; readonly ending: Extract<TaskEnding, { kind: "Running" | "Settling" }> } | undefined;
}

type Told = Pick<PublishRecord, "publishing" | "pullRequest">;
type Moment = Pick<Observed, "batch" | "tasks" | "settings" | "now">;

/** Counts the ends of publish Jobs, oldest first. */
export function publishRecordOf({ changeset: { metadata, status }, pullRequest }: Work, observed: Moment): PublishRecord {
  const { tasks, settings, now } = observed;
  let told: Told = { publishing: status?.publishing, pullRequest };
  for (const job of tasksOf(tasks, "publish", metadata.uid)) {
    if (job.number <= (told.publishing?.settled ?? 0)) continue;
    const ending = taskEnding(job, tasks, settings.timings, now);
    if (ending.kind === "Running" || ending.kind === "Settling") return { ...told, open: { job, ending } };
    told = settle(told, job, ending, observed);
  }
  return { ...told, open: undefined };
}

type Ended = Extract<TaskEnding, { kind: "Ended" | "Lost" }>;
type Result = PublishOutcome | { readonly kind: "Lost"; readonly message: string };

function settle(told: Told, job: ObservedTask, ending: Ended, observed: Moment): Told {
  const result = resultOf(ending);
  const outcome: Result = result?.outcome ?? { kind: "Lost", message: ending.kind === "Lost" ? ending.message : "" };
  const pullRequest = "pullRequest" in outcome ? outcome.pullRequest : undefined;
  return {
    publishing: { ...counted(told.publishing, job, observed.now), ...ended(told.publishing, job, outcome, observed), ...warned(result) },
    pullRequest: pullRequest === undefined ? told.pullRequest : { ...shown(told.pullRequest, pullRequest, observed), ...signed(outcome) },
  };
}

function resultOf(ending: Ended): PublishResult | undefined {
  return ending.kind === "Ended" && ending.result.task === "publish" ? ending.result : undefined;
}

const anHour = 3600;
const listedStarts = 20;

/** What stays whatever the Job came to, and the Job itself. */
function counted(before: Publishing | undefined, { number, subject, createdAt }: ObservedTask, now: Date): Publishing {
  const { settings, starts = [] } = before ?? {};
  const recent = [...starts, { number, at: createdAt }].filter(({ at }) => after(at, anHour) > now);
  return {
    settled: number,
    digest: subject,
    ...(settings !== undefined && { settings }),
    ...lasting(before),
    ...(recent.length > 0 && { starts: recent.slice(-listedStarts) }),
  };
}

function ended(before: Publishing | undefined, { subject }: ObservedTask, outcome: Result, observed: Moment): Partial<Publishing> {
  switch (outcome.kind) {
    case "Published":
      return { outcome: "Published", published: subject, commit: outcome.commit };
    case "Closed":
      return { outcome: "Closed" };
    case "RateLimited":
      return { outcome: "RateLimited", message: outcome.message.slice(0, 1024), until: heldUntil(outcome.until, observed.now) };
    case "Refused": {
      const failure = isWaitable(outcome.reason) ? afterFailure(before, subject, observed) : {};
      return { outcome: "Refused", reason: outcome.reason, message: outcome.message.slice(0, 1024), ...failure };
    }
    case "Unavailable":
    case "Lost":
      return { outcome: outcome.kind, message: outcome.message.slice(0, 1024), ...afterFailure(before, subject, observed) };
  }
}

/** A host that asks for more than a day is asked again all the same. */
function heldUntil(until: string, now: Date): string {
  return new Date(Math.min(Date.parse(until), after(now.toISOString(), 24 * anHour).getTime())).toISOString();
}

function warned(result: PublishResult | undefined): Partial<Publishing> {
  const warnings = (result?.warnings ?? []).slice(0, 10).map((warning) => warning.slice(0, 256));
  return warnings.length === 0 ? {} : { warnings };
}

/** What was seen of another head holds no longer. */
function shown(before: PullRequest | undefined, found: PublishedPullRequest, { batch }: Moment): PullRequest {
  const { url, number, state, headSHA, createdAt, mergedAt } = found;
  const now = { url, number, state, headSHA, createdAt, ...(mergedAt !== undefined && { mergedAt }) };
  if (before?.number !== number) return { draft: batch.spec.publish.draft, ...now };
  if (before.headSHA === headSHA) return { ...before, ...now };
  return { ...(before.draft !== undefined && { draft: before.draft }), ...now };
}

/** What the host thinks of our commit's signature. */
function signed(outcome: Result): Partial<PullRequest> {
  if (outcome.kind !== "Published" || outcome.verified === undefined) return {};
  return { verified: outcome.verified.verified, verifiedReason: outcome.verified.reason };
}

/** What holds for the pull request and its patch, whatever becomes of a Job. */
function lasting({ published, commit, approval, mending }: Partial<Publishing> = {}): Partial<Publishing> {
  return {
    ...(published !== undefined && { published }),
    ...(commit !== undefined && { commit }),
    ...(approval !== undefined && { approval }),
    ...(mending !== undefined && { mending }),
  };
}

/** Without what a Job came to, but with what was published. */
export function afresh(publishing: Publishing | undefined): Publishing {
  const { settled = 0, starts, warnings } = publishing ?? {};
  return {
    settled,
    ...lasting(publishing),
    ...(starts !== undefined && { starts }),
    ...(warnings !== undefined && { warnings }),
  };
}
