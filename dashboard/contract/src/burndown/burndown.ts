/** Where one repository stands at one moment. */
export const standings = ["working", "done", "failed", "open", "merged", "closed"] as const;
export type Standing = (typeof standings)[number];

/** What is known of one repository; times are ISO 8601. */
export interface BurndownRow {
  readonly createdAt: string;
  /** End of the newest attempt; absent while it works or waits. */
  readonly finishedAt?: string | undefined;
  /** How it ended, where it did. */
  readonly failed: boolean;
  readonly pullRequest?:
    | {
        readonly createdAt?: string | undefined;
        readonly mergedAt?: string | undefined;
        readonly closedAt?: string | undefined;
      }
    | undefined;
}

/** Repositories of each standing from `at` (milliseconds) until the next point. */
export interface BurndownPoint extends Readonly<Record<Standing, number>> {
  readonly at: number;
}

interface Milestone {
  readonly at: number;
  readonly standing: Standing;
}

/** Where a repository stood at a moment; undefined before it was there. */
export function standingAt(row: BurndownRow, moment: number): Standing | undefined {
  return milestonesOf(row).findLast(({ at }) => at <= moment)?.standing;
}

/** What the table counts at a moment. */
export function countsAt(rows: readonly BurndownRow[], moment: number): Readonly<Record<Standing, number>> {
  const counts = noCounts();
  for (const row of rows) {
    const standing = standingAt(row, moment);
    if (standing !== undefined) counts[standing] += 1;
  }
  return counts;
}

/** The whole history as steps: one point for each moment at which anything changed, in order, the last one as it stands now. */
export function burndown(rows: readonly BurndownRow[]): readonly BurndownPoint[] {
  const changes = rows.flatMap(changesOf).toSorted((left, right) => left.at - right.at);
  const counts = noCounts();
  const points: BurndownPoint[] = [];
  changes.forEach(({ at, from, to }, index) => {
    if (from !== undefined) counts[from] -= 1;
    counts[to] += 1;
    if (changes[index + 1]?.at !== at) points.push({ at, ...counts });
  });
  return points;
}

/** The step that holds at a moment; undefined before the first. */
export function pointAt(points: readonly BurndownPoint[], moment: number): BurndownPoint | undefined {
  return points.findLast(({ at }) => at <= moment);
}

interface Step {
  readonly at: number;
  readonly from: Standing | undefined;
  readonly to: Standing;
}

function changesOf(row: BurndownRow): readonly Step[] {
  const milestones = milestonesOf(row);
  return milestones.map(({ at, standing }, index) => ({ at, from: milestones[index - 1]?.standing, to: standing }));
}

/** In the order of the work, each no earlier than the one before, for the clocks of cluster and host differ. */
function milestonesOf({ createdAt, finishedAt, failed, pullRequest }: BurndownRow): readonly Milestone[] {
  const milestones: Milestone[] = [];
  const reach = (standing: Standing, time: string | undefined): void => {
    const at = time === undefined ? Number.NaN : Date.parse(time);
    if (!Number.isNaN(at)) milestones.push({ at: Math.max(at, milestones.at(-1)?.at ?? at), standing });
  };
  reach("working", createdAt);
  reach(failed ? "failed" : "done", finishedAt);
  reach("open", pullRequest?.createdAt);
  if (pullRequest?.mergedAt === undefined) reach("closed", pullRequest?.closedAt);
  else reach("merged", pullRequest.mergedAt);
  return milestones;
}

function noCounts(): Record<Standing, number> {
  return { working: 0, done: 0, failed: 0, open: 0, merged: 0, closed: 0 };
}
