import { recordName, type BatchChange, type FieldError } from "@codybatch/crds";
import { z } from "zod";
import type { Client } from "../cluster/client.ts";
import { resources } from "../cluster/resource.ts";
import type { Limits } from "../reconcile/limits.ts";
import type { Observed, ObservedRun, Obstacle, RefusedJob, RefusedPod } from "../reconcile/observed.ts";
import { endOf } from "../reconcile/outcome.ts";
import { secondsSince } from "../reconcile/pods.ts";
import { entriesOf } from "../reconcile/repositories.ts";
import type { Settings } from "../reconcile/settings.ts";
import { endOfTask } from "../reconcile/task/ending.ts";
import { isTaskSettled } from "../reconcile/task/settled.ts";
import type { ObservedTasks } from "../reconcile/task/task.ts";
import type { Try } from "../reconcile/try.ts";
import { unsettledOf } from "../reconcile/work.ts";
import type { Answers } from "./answers.ts";
import { CacheBehind } from "./cache-behind.ts";
import type { Caches } from "./caches.ts";
import { keyOf } from "./key.ts";
import { readRun, readTask, type KnownPod } from "./payloads.ts";
import { promptOf } from "./prompt.ts";

export interface ObserveOptions {
  readonly client: Client;
  readonly caches: Caches;
  readonly answers: Answers;
  readonly limits: Limits;
  readonly settings: Settings;
}

/** What is known beside the caches. */
export interface Circumstances {
  readonly faults: readonly FieldError[];
  readonly obstacle: Obstacle | undefined;
  readonly refusedJobs: readonly RefusedJob[];
  readonly now: Date;
}

/** Gathers all that decisions about one BatchChange depend on: from the caches, and live what has ended without its end being in status. */
export async function observe(options: ObserveOptions, batch: BatchChange, circumstances: Circumstances): Promise<Observed> {
  const { client, caches, answers, limits, settings } = options;
  const { namespace, name, uid } = batch.metadata;
  const key = keyOf(namespace, name);
  const records = caches.records.by("batch", key);
  const changesets = caches.changesets
    .by("batch", key)
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  const cached = {
    batch,
    changesets,
    discovered: await answers.of(batch, changesets),
    jobs: caches.jobs.by("batch", key),
    pods: caches.pods.by("batch", key),
    records,
    runs: [],
    tasks: { jobs: caches.tasks.by("batch", key), pods: caches.taskPods.by("batch", key), runs: [] },
    refusedPods: [],
    prompt: await promptOf(client, batch, records),
    storedBytes: caches.storedBytes(),
    failedJobs: failedJobs(caches, namespace),
    limits,
    settings,
    ...circumstances,
  } satisfies Observed;
  const [live, tasks] = await Promise.all([readLive(client, cached), readTasks(client, cached)]);
  return { ...cached, ...live, tasks };
}

/** Failed Jobs of a namespace, newest first. Whether one failed is in its Changeset's status, not in the Job. */
function failedJobs({ jobs, changesets }: Caches, namespace: string): readonly string[] {
  const failed = jobs.by("namespace", namespace).filter(({ name, changeset }) => {
    const attempt = changesets.get(namespace, changeset)?.status?.attempts?.find(({ job }) => job === name);
    return attempt !== undefined && attempt.outcome !== "Reported";
  });
  return failed.toSorted((left, right) => (left.createdAt > right.createdAt ? -1 : 1)).map(({ name }) => name);
}

async function readLive(client: Client, cached: Observed): Promise<Pick<Observed, "runs" | "refusedPods">> {
  const tries = unsettledOf(cached, entriesOf(cached.batch, cached));
  await Promise.all(tries.filter(({ job }) => job === undefined).map((one) => confirmGone(client, cached, one)));
  const hasResult = resultsIn(cached.records);
  const runs = await Promise.all(tries.flatMap((one) => podsToRead(one, cached, hasResult)).map((pod) => readRun(client, pod)));
  return { runs: runs.filter(hasStored), refusedPods: await refusedPods(client, cached, tries) };
}

function hasStored({ hasResult, hasLive }: ObservedRun): boolean {
  return hasResult || hasLive;
}

/** Reads what the pods of tasks have stored, as soon as it is there. */
async function readTasks(client: Client, observed: Observed): Promise<ObservedTasks> {
  const { tasks, records } = observed;
  const hasResult = resultsIn(records);
  const open = tasks.jobs.filter((job) => !isTaskSettled(job, observed));
  const pods = open.flatMap((job) =>
    tasks.pods
      .filter(({ jobUID }) => jobUID === job.uid)
      .filter((pod) => hasResult(pod) || endOfTask(job, tasks.pods) !== undefined)
      .map(({ namespace, name, uid }) => ({ namespace, job: job.name, name, uid })),
  );
  const runs = await Promise.all(pods.map((pod) => readTask(client, pod)));
  return { ...tasks, runs: runs.filter((run) => run !== undefined) };
}

type Pod = Pick<KnownPod, "name" | "uid">;

/** Tells of a pod whether it has stored its result. */
function resultsIn(records: Observed["records"]): (pod: Pod) => boolean {
  const stored = new Set(records.map(({ name, podUID }) => `${name} ${podUID ?? ""}`));
  return ({ name, uid }) => stored.has(`${recordName.result(name)} ${uid}`);
}

async function confirmGone(client: Client, { batch }: Observed, { name }: Try): Promise<void> {
  const job = await client.get(resources.jobs, batch.metadata.namespace, name);
  if (job !== undefined) throw new CacheBehind(`the cache lacks the Job ${name}`);
}

/** While a try runs only a stored result is read; once it has ended, everything is looked for. */
function podsToRead(one: Try, observed: Observed, hasResult: (pod: Pod) => boolean): readonly KnownPod[] {
  const { namespace } = observed.batch.metadata;
  const hasEnded = endOf(one, observed.settings.timings, observed.now) !== undefined;
  return knownPods(one, observed)
    .filter((pod) => hasEnded || hasResult(pod))
    .map((pod) => ({ ...pod, namespace, job: one.name }));
}

function knownPods({ name, changeset, pods }: Try, { changesets }: Observed): readonly Pod[] {
  const status = changesets.find(({ metadata }) => metadata.name === changeset)?.status;
  const remembered = status?.job === name ? status.pod : undefined;
  const isKnown = pods.some(({ uid }) => uid === remembered?.uid);
  return remembered === undefined || isKnown ? pods : [remembered, ...pods];
}

const Event = z.object({ regarding: z.object({ uid: z.string() }), note: z.string().default("") });
/** The Job controller makes a pod within a second; only a Job that waits longer is asked about. */
const promptly = 5;

async function refusedPods(client: Client, { batch, now }: Observed, tries: readonly Try[]): Promise<readonly RefusedPod[]> {
  const waiting = tries.flatMap(({ job, pods }) => (job !== undefined && pods.length === 0 && !job.suspended ? [job] : []));
  if (!waiting.some(({ createdAt }) => secondsSince(createdAt, now) > promptly)) return [];
  const selection = { namespace: batch.metadata.namespace, fieldSelector: "reason=FailedCreate" };
  const { items } = await client.list(resources.events, selection, (raw) => Event.safeParse(raw).data);
  return waiting.flatMap(({ name, uid }) => {
    const event = items.findLast(({ regarding }) => regarding.uid === uid);
    return event === undefined ? [] : [{ job: name, message: event.note.slice(0, 500) }];
  });
}
