import type { PullRequest } from "@codybatch/crds";

/** How often open pull requests are looked at. All in seconds. */
export interface TrackTimings {
  readonly firstDayEvery: number;
  readonly firstWeekEvery: number;
  readonly laterEvery: number;
  /** After its opening a pull request is followed for so long. */
  readonly followFor: number;
}

const hour = 3600;
const day = 24 * hour;

export const trackTimings: TrackTimings = { firstDayEvery: 300, firstWeekEvery: hour, laterEvery: 6 * hour, followFor: 30 * day };

/** A pull request of a batch, as status has it. */
export interface Followable {
  readonly changeset: string;
  readonly pullRequest: Pick<PullRequest, "state" | "createdAt">;
}

export interface TrackedSoFar {
  /** When the last look ended; undefined before the first. */
  readonly lookedAt: Date | undefined;
  /** Before then the host wants no request. */
  readonly heldUntil?: Date;
}

/** Done: nothing is open that is still followed. */
export type TrackPlan =
  | { readonly kind: "Done" }
  | { readonly kind: "Wait"; readonly until: Date }
  | { readonly kind: "Look"; readonly changesets: readonly string[] };

/** When the open pull requests of a batch are looked at next, all of them with one Job. The youngest says how often. */
export function trackPlan(
  pulls: readonly Followable[],
  { lookedAt, heldUntil }: TrackedSoFar,
  now: Date,
  timings = trackTimings,
): TrackPlan {
  const followed = pulls.filter(({ pullRequest }) => pullRequest.state === "open" && ageOf(pullRequest, now) < timings.followFor);
  if (followed.length === 0) return { kind: "Done" };
  const every = interval(Math.min(...followed.map(({ pullRequest }) => ageOf(pullRequest, now))), timings);
  const regular = lookedAt === undefined ? now.getTime() : lookedAt.getTime() + every * 1000;
  const at = Math.max(regular, heldUntil?.getTime() ?? 0);
  if (at > now.getTime()) return { kind: "Wait", until: new Date(at) };
  return { kind: "Look", changesets: pulls.filter((pull) => isLookedAt(pull, now, timings)).map(({ changeset }) => changeset) };
}

/** One that was closed may be opened again, so it is looked at for as long as others are. */
function isLookedAt({ pullRequest }: Followable, now: Date, { followFor }: TrackTimings): boolean {
  return pullRequest.state !== "merged" && ageOf(pullRequest, now) < followFor;
}

/** Seconds. One whose opening is not known, or lies ahead by a clock that goes wrong, is new. */
function ageOf({ createdAt }: Pick<PullRequest, "createdAt">, now: Date): number {
  const opened = Date.parse(createdAt ?? "");
  return Number.isNaN(opened) ? 0 : Math.max(0, (now.getTime() - opened) / 1000);
}

function interval(age: number, { firstDayEvery, firstWeekEvery, laterEvery }: TrackTimings): number {
  if (age < day) return firstDayEvery;
  return age < 7 * day ? firstWeekEvery : laterEvery;
}
