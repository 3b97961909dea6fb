import { nanoUSD, type Attempt, type Changeset, type PullRequest } from "@codybatch/crds";
import type { Observed, ObservedJob, StopReason } from "./observed.ts";
import { endingOf, type Ending, type Settlement } from "./outcome.ts";
import { occupiesSlot } from "./pods.ts";
import type { Entry } from "./repositories.ts";
import { followedUp } from "./tracking/followed.ts";
import type { Look } from "./tracking/look.ts";
import { comparePlace, isSettled, placeOf, runNumber, type Try } from "./try.ts";

/** One Changeset with all that belongs to it, its ended tries settled. Every other decision is made from this. */
export interface Work {
  readonly changeset: Changeset;
  /** Undefined when the repository is no longer in the spec. */
  readonly entry: Entry | undefined;
  /** Number of the run that the user asks for. */
  readonly run: number;
  /** All settled tries that status still lists, those of this pass included, oldest first. */
  readonly attempts: readonly Attempt[];
  readonly settled: readonly Settlement[];
  /** The try that has not ended, or whose records may still arrive. */
  readonly open: { readonly try: Try; readonly ending: Exclude<Ending, Settlement> } | undefined;
  /** All its Jobs, oldest first. */
  readonly jobs: readonly ObservedJob[];
  readonly busy: boolean;
  /** As a look says that has only just ended, else as status has it. */
  readonly pullRequest: PullRequest | undefined;
}

/** Sorts what was observed by Changeset, in the order of the spec, taken-out repositories last. */
export function worksOf(observed: Observed, entries: readonly Entry[], followed: Look["followed"] = new Map()): readonly Work[] {
  const sorted = { ...sort(observed), followed };
  const order = new Map(entries.map((entry, position) => [entry.changeset, { entry, position }]));
  const position = ({ changeset }: Work): number => order.get(changeset.metadata.name)?.position ?? entries.length;
  return observed.changesets
    .map((changeset) => workOf(changeset, order.get(changeset.metadata.name)?.entry, sorted))
    .toSorted((left, right) => position(left) - position(right) || (left.changeset.metadata.name < right.changeset.metadata.name ? -1 : 1));
}

/** Every try whose end is not in the stored status. */
export function unsettledOf(observed: Observed, entries: readonly Entry[]): readonly Try[] {
  const sorted = sort(observed);
  const byName = new Map(entries.map((entry) => [entry.changeset, entry]));
  return observed.changesets.flatMap((changeset) => {
    const entry = byName.get(changeset.metadata.name);
    return unsettled({ changeset, entry, run: runNumber(changeset), jobs: jobsOf(changeset, sorted), sorted });
  });
}

type Grouped<T> = ReadonlyMap<string, readonly T[]>;

interface Sorted {
  readonly observed: Observed;
  readonly jobs: Grouped<Observed["jobs"][number]>;
  readonly pods: Grouped<Observed["pods"][number]>;
  readonly records: Grouped<Observed["records"][number]>;
}

function sort(observed: Observed): Sorted {
  return { observed, jobs: groupBy(observed.jobs), pods: groupBy(observed.pods), records: groupBy(observed.records) };
}

function jobsOf({ metadata }: Changeset, sorted: Sorted): readonly ObservedJob[] {
  return (sorted.jobs.get(metadata.name) ?? []).filter((job) => job.owner === metadata.uid).toSorted(comparePlace);
}

function unsettled(owner: Owner): readonly Try[] {
  const stored = owner.changeset.status?.attempts ?? [];
  return openTries(owner).filter((one) => !isSettled(one, stored));
}

function groupBy<T extends { readonly changeset?: string }>(items: readonly T[]): Grouped<T> {
  return Map.groupBy(items, ({ changeset }) => changeset ?? "");
}

function workOf(changeset: Changeset, entry: Entry | undefined, sorted: Sorted & Pick<Look, "followed">): Work {
  const run = runNumber(changeset);
  const jobs = jobsOf(changeset, sorted);
  const stored = changeset.status?.attempts ?? [];
  const { settled, open } = settleInOrder(unsettled({ changeset, entry, run, jobs, sorted }), sorted.observed);
  const attempts = [...stored, ...settled.map(({ attempt }) => attempt)];
  const pullRequest = newestOf(changeset, sorted.followed);
  return { changeset, entry, run, attempts, settled, open, jobs, busy: jobs.some(occupiesSlot), pullRequest };
}

function newestOf({ metadata, status }: Changeset, followed: Look["followed"]): PullRequest | undefined {
  const known = status?.pullRequest;
  const seen = followed.get(metadata.name);
  if (known === undefined || seen === undefined || (seen.kind === "Seen" && seen.number !== known.number)) return known;
  return followedUp(known, seen)?.pullRequest ?? known;
}

/** Ends are recorded oldest first; behind a try that has not ended nothing is settled. */
function settleInOrder(tries: readonly Try[], { settings, now }: Observed): Pick<Work, "settled" | "open"> {
  const settled: Settlement[] = [];
  for (const one of tries) {
    const ending = endingOf(one, settings.timings, now);
    if (ending.kind !== "Settled") return { settled, open: { try: one, ending } };
    settled.push(ending);
  }
  return { settled, open: undefined };
}

interface Owner {
  readonly changeset: Changeset;
  readonly entry: Entry | undefined;
  readonly run: number;
  readonly jobs: readonly ObservedJob[];
  readonly sorted: Sorted;
}

function openTries(owner: Owner): readonly Try[] {
  const present = owner.jobs.map((job) => tryOf(owner, job.name, job));
  const known = new Set(owner.jobs.map((job) => job.name));
  const vanished = namesOfTries(owner).filter((name) => !known.has(name));
  return [...present, ...vanished.map((name) => tryOf(owner, name, undefined))].toSorted(comparePlace);
}

/** Tries that left a trace although their Job is gone: in status, or in ConfigMaps. They have cost money, so they are settled, never run again. */
function namesOfTries({ changeset, sorted }: Owner): readonly string[] {
  const prefix = `${changeset.metadata.name}-`;
  const traced = (sorted.records.get(changeset.metadata.name) ?? []).flatMap(({ name }) => {
    const match = name.startsWith(prefix) ? /^\d+-\d+(?=-)/.exec(name.slice(prefix.length)) : null;
    return match === null ? [] : [prefix + match[0]];
  });
  const current = changeset.status?.job;
  return [...new Set([...(current === undefined ? [] : [current]), ...traced])];
}

function tryOf(owner: Owner, name: string, job: ObservedJob | undefined): Try {
  const { changeset, sorted } = owner;
  const { observed } = sorted;
  const place = job ?? placeOf(name) ?? { attempt: owner.run, try: 0 };
  const pods = (sorted.pods.get(changeset.metadata.name) ?? []).filter((pod) =>
    job === undefined ? pod.uid === changeset.status?.pod?.uid : pod.jobUID === job.uid,
  );
  const uids = new Set([...pods.map(({ uid }) => uid), ...rememberedPod(changeset, name)]);
  return {
    name,
    changeset: changeset.metadata.name,
    attempt: place.attempt,
    try: place.try,
    job,
    pods: pods.toSorted((left, right) => (left.createdAt < right.createdAt ? -1 : 1)),
    runs: observed.runs.filter((run) => run.job === name),
    reservedNanoUSD: job?.reservedNanoUSD ?? nanoUSD(observed.batch.spec.agent.maxCostUSD),
    inputsHash: job?.inputsHash ?? "",
    stop: stopReason({ owner, attempt: place.attempt, cancel: observed.batch.spec.cancel, job, pods: uids.size }),
  };
}

/** The first pod of a Job is gone by the time that a second one is made. */
function rememberedPod({ status }: Changeset, job: string): readonly string[] {
  return status?.job === job && status.pod !== undefined ? [status.pod.uid] : [];
}

interface StopQuestion {
  readonly owner: Owner;
  readonly attempt: number;
  readonly cancel: boolean;
  readonly job: ObservedJob | undefined;
  readonly pods: number;
}

/** What a Job was stopped for stays its reason, also when the user has thought better of it. */
function stopReason({ owner: { entry, run }, attempt, cancel, job, pods }: StopQuestion): StopReason | undefined {
  if (job?.stoppedBecause !== undefined) return job.stoppedBecause;
  if (cancel) return "CancelRequested";
  if (entry === undefined) return "RepositoryRemoved";
  if (attempt < run) return "Superseded";
  return pods > 1 ? "SecondPod" : undefined;
}
