import type { Clock } from "../cluster/clock.ts";
import { resources } from "../cluster/resource.ts";
import type { Readings } from "../metrics/readings.ts";
import { mebibyte, type Limits } from "../reconcile/limits.ts";
import type { KeptBatch } from "../reconcile/slim-kinds.ts";
import type { Caches } from "./caches.ts";

/** What the caches tell Prometheus. No name of an object is in it: there could be any number. */
export function readingsOf(caches: Caches, { maxTotalMiB }: Limits, clock: Clock): Readings {
  const batches = (): readonly KeptBatch[] => caches.batches.reflectors.flatMap(({ store }) => store.all());
  return {
    budgetsNearlySpent: () => batches().filter(isNearlySpent).length,
    pullRequests: () => pullRequestsOf(caches),
    costPerMergedPullRequest: () => costPerMerged(batches()),
    storedBytes: caches.storedBytes,
    storageLimitBytes: () => maxTotalMiB * mebibyte,
    silence: () => new Map(watchesOf(caches).map(([resource, heard]) => [resource, (clock.now() - Math.min(...heard)) / 1000])),
  };
}

/** All three states are there, so that a query finds a 0. */
function pullRequestsOf({ changesets }: Caches): ReadonlyMap<string, number> {
  const all = changesets.reflectors.flatMap(({ store }) => store.all());
  const states = all.flatMap(({ status }) => status?.pullRequest?.state ?? []);
  return new Map(["open", "merged", "closed"].map((state) => [state, states.filter((one) => one === state).length]));
}

function costPerMerged(batches: readonly KeptBatch[]): number | undefined {
  const known = batches.flatMap(({ status }) => {
    const [merged, cost] = [status?.counts?.merged ?? 0, status?.usage?.costUSD];
    return merged === 0 || cost === undefined ? [] : [{ merged, cost: Number(cost) }];
  });
  const merged = known.reduce((sum, one) => sum + one.merged, 0);
  return merged === 0 ? undefined : known.reduce((sum, { cost }) => sum + cost, 0) / merged;
}

/** A finished batch spends no more, and its conditions stay as they are. */
function isNearlySpent({ status }: KeptBatch): boolean {
  const holds = (wanted: string): boolean => status?.conditions?.some(({ type, status: is }) => type === wanted && is === "True") === true;
  return holds("BudgetNearlySpent") && !holds("Complete");
}

/** Each resource with the moments at which its watches were last heard, one per watched namespace. */
function watchesOf({
  batches,
  changesets,
  jobs,
  pods,
  records,
  tasks,
  taskPods,
}: Caches): readonly (readonly [string, readonly number[]])[] {
  const heard = (reflectors: readonly { readonly lastActivity: number }[]): number[] => reflectors.map(({ lastActivity }) => lastActivity);
  return [
    [resources.batchChanges.plural, heard(batches.reflectors)],
    [resources.changesets.plural, heard(changesets.reflectors)],
    [resources.jobs.plural, heard([...jobs.reflectors, ...tasks.reflectors])],
    [resources.pods.plural, heard([...pods.reflectors, ...taskPods.reflectors])],
    [resources.configMaps.plural, heard(records.reflectors)],
  ];
}
