import type { Refusal } from "../accepted.ts";
import type { Observed } from "../observed.ts";
import { isTaskRefused } from "../task/refused.ts";
import type { Action } from "../wish.ts";
import type { Work } from "../work.ts";
import type { Look } from "./look.ts";
import { trackPlan, trackTimings, type TrackPlan } from "./schedule.ts";
import { lookJobs } from "./start.ts";

/** What following the pull requests depends on. */
export interface Tracking {
  readonly observed: Observed;
  readonly refusal: Refusal | undefined;
  readonly works: readonly Work[];
  readonly look: Look;
}

/** The Jobs of the next look, when it is due. They run also while the batch is suspended or cancelled: they cost nothing, and what is open stays open. */
export function startsOfTracking(tracking: Tracking): readonly Action[] {
  const { observed, refusal, works } = tracking;
  const plan = planOf(tracking);
  if (refusal !== undefined || plan.kind !== "Look" || isTaskRefused(observed)) return [];
  const due = new Set(plan.changesets);
  return lookJobs(
    observed,
    works.filter(({ changeset }) => due.has(changeset.metadata.name)),
  );
}

/** When time alone makes a look due, or ends one. */
export function trackingWakes(tracking: Tracking): Date | undefined {
  const plan = planOf(tracking);
  return plan.kind === "Wait" ? plan.until : tracking.look.until;
}

function planOf({ observed: { now, settings }, works, look }: Tracking): TrackPlan {
  if (look.runs) return { kind: "Done" };
  const { lookedAt, heldUntil } = look.status ?? {};
  const pulls = works.flatMap(({ changeset, pullRequest }) =>
    pullRequest === undefined ? [] : [{ changeset: changeset.metadata.name, pullRequest }],
  );
  const sofar = { lookedAt: lookedAt === undefined ? undefined : new Date(lookedAt) };
  const timings = { ...trackTimings, firstDayEvery: settings.timings.track };
  return trackPlan(pulls, heldUntil === undefined ? sofar : { ...sofar, heldUntil: new Date(heldUntil) }, now, timings);
}
