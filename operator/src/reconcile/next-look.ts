import { discoveryWakes } from "./discover/start.ts";
import type { Observed } from "./observed.ts";
import { after, lostAt, secondsSince } from "./pods.ts";
import type { View } from "./plan.ts";
import { oldPublishJobsWake } from "./publish/old.ts";
import { nextPublish } from "./publish/publication.ts";
import { expiresAt, jobKeptUntil, retainedUntil } from "./retention.ts";
import { oldTasksWake } from "./task/old.ts";
import { toolboxGivenUpAt } from "./toolbox.ts";
import { trackingWakes } from "./tracking/tracking.ts";
import { isSettled } from "./try.ts";
import { startedPod, unremarkableStart } from "./waiting.ts";
import type { Work } from "./work.ts";

/** What is mended in a ConfigMap, which nobody watches. */
const promptRefusals: readonly string[] = ["PromptMissing", "PromptInvalid", "PromptTooLarge"];

/** When time alone could change the plan; undefined when only an event can. */
export function nextLook(view: View): Date | undefined {
  const { observed, works, refusal } = view;
  const { now, settings, batch } = observed;
  if (batch.metadata.deletionTimestamp !== undefined) return undefined;
  const poll = after(now.toISOString(), settings.timings.poll);
  const waitsForStorage = [...view.decisions.values()].some(
    (decision) => decision.kind === "Wait" && decision.reason === "WaitingForStorage",
  );
  const renewals = [...view.decisions.values()].map((decision) => ("until" in decision ? decision.until : undefined));
  const moments = [
    ...renewals,
    quotaAlarmEnds(observed),
    expiresAt(observed),
    retainedUntil(observed),
    refusal !== undefined && promptRefusals.includes(refusal.reason) ? poll : undefined,
    // Room comes when other batches' records go, of which this one hears nothing.
    waitsForStorage ? poll : undefined,
    observed.purse?.kind === "Closed" ? poll : undefined,
    discoveryWakes(view),
    trackingWakes(view),
    ...oldTasksWake(observed),
    ...[...view.publications.values()].map(nextPublish),
    ...works.flatMap((work) => oldPublishJobsWake(work, observed)),
    ...works.flatMap((work) => momentsOf(work, view, poll)),
  ];
  return moments.filter((moment) => moment !== undefined && moment > now).toSorted((left, right) => Number(left) - Number(right))[0];
}

/** A quota that renews is no longer nearly spent. */
function quotaAlarmEnds({ batch: { status }, purse }: Observed): Date | undefined {
  const isTold = status?.conditions?.some(({ type, status: holds }) => type.startsWith("Quota") && holds === "True") === true;
  if (!isTold || purse?.kind !== "Open") return undefined;
  return purse.allowances.map(({ renewsAt }) => renewsAt).toSorted((left, right) => Number(left) - Number(right))[0];
}

function momentsOf(work: Work, { observed, stages }: View, poll: Date): readonly (Date | undefined)[] {
  const { settings, now } = observed;
  const stage = stages.get(work);
  const stored = work.changeset.status?.attempts ?? [];
  const kept = work.jobs.filter((job) => isSettled(job, stored)).map((job) => jobKeptUntil(job, work, settings.timings));
  const delayed = stage?.kind === "Delayed" ? stage.until : undefined;
  if (work.open === undefined) return [...kept, delayed];
  const { try: attempt, ending } = work.open;
  const settling = ending.kind === "Settling" ? ending.until : undefined;
  const lost = attempt.pods.map((pod) => lostAt(pod, settings.timings));
  const givenUp = attempt.pods.map((pod) => toolboxGivenUpAt(pod, settings.timings));
  const isNew = attempt.job !== undefined && secondsSince(attempt.job.createdAt, now) < unremarkableStart;
  const starting = startedPod(attempt) !== undefined ? undefined : isNew ? after(attempt.job?.createdAt ?? "", unremarkableStart) : poll;
  return [...kept, settling, ...lost, ...givenUp, starting];
}
