import { nanoUSD, type Changeset } from "@codybatch/crds";
import { entriesOf } from "../repositories.ts";
import { occupiesSlot } from "../pods.ts";
import { isSettled } from "../try.ts";
import type { CreateJob } from "../wish.ts";
import type { World } from "./world.ts";

/** What must hold at the moment at which a Job is created. Throws with what was broken. */
export function checkStart(world: World, key: string, { name, changeset, reservedNanoUSD }: CreateJob): void {
  const { spec } = world.batches.get(key)!;
  const running = world.jobsOf(key).filter(({ job }) => occupiesSlot(job));
  const same = running.filter(({ job }) => job.changeset === changeset.metadata.name);
  if (same.length > 0) throw new Error(`${name} starts while ${same[0]!.job.name} runs`);
  if (running.length >= spec.parallelism) throw new Error(`${name} is one more than parallelism ${spec.parallelism}`);
  if (world.inFlight().length >= world.limits.runningJobs)
    throw new Error(`${name} is one more than ${world.limits.runningJobs} in the cluster`);
  if (world.created.includes(name)) throw new Error(`${name} is created a second time`);
  if (spec.suspend || spec.cancel) throw new Error(`${name} starts although the batch is suspended or cancelled`);
  if (reservedNanoUSD <= 0) throw new Error(`${name} may cost nothing`);
}

/** Real money, which no status can hide, is never above the batch's budget. */
export function checkMoney(world: World, key: string): void {
  const batch = world.batches.get(key)!;
  const names = new Set(world.changesetsOf(key).map(({ metadata }) => metadata.name));
  const spent = [...world.pods.values()]
    .filter(({ pod }) => names.has(pod.changeset))
    .reduce((sum, { spentNanoUSD }) => sum + spentNanoUSD, 0);
  const charged = world.changesetsOf(key).reduce((sum, { status }) => sum + (status?.chargedNanoUSD ?? 0), 0);
  const reserved = [...world.jobs.values()]
    .filter(({ job }) => names.has(job.changeset) && !isSettled(job, world.changesets.get(job.changeset)?.status?.attempts ?? []))
    .reduce((sum, { job }) => sum + job.reservedNanoUSD, 0);
  const { budget } = batch.spec;
  if (budget === undefined) return;
  const most = nanoUSD(budget.maxCostUSD);
  if (spent > most) throw new Error(`${key} has really spent ${spent} of ${most}`);
  if (charged + reserved > most) throw new Error(`${key} has charged ${charged} and reserved ${reserved} of ${most}`);
  if (charged + reserved < spent) throw new Error(`${key} has spent ${spent}, but charged ${charged} and reserved ${reserved} only`);
}

const final = ["NoChange", "Ready", "AwaitingApproval", "Failed", "Cancelled", "Duplicate"];

/** At rest every repository of the spec has one Changeset with one outcome, and every other Changeset is Removed. */
export function checkOutcomes(world: World, key: string): void {
  const listed = new Set(entriesOf(world.batches.get(key)!, world.observe(key)).map(({ changeset }) => changeset));
  const changesets = world.changesetsOf(key);
  const known = new Set(changesets.map(({ metadata }) => metadata.name));
  for (const name of listed) if (!known.has(name)) throw new Error(`${key} has no Changeset ${name}`);
  for (const changeset of changesets) checkOutcome(changeset, listed.has(changeset.metadata.name));
}

function checkOutcome({ metadata, status }: Changeset, isListed: boolean): void {
  const phase = status?.phase ?? "none";
  if (!(isListed ? final.includes(phase) : phase === "Removed")) throw new Error(`${metadata.name} ends as ${phase}`);
  const ends = (status?.attempts ?? []).filter(({ outcome }) => outcome !== "InfrastructureFault").map(({ attempt }) => attempt);
  if (new Set(ends).size !== ends.length) throw new Error(`${metadata.name} has two outcomes of one attempt`);
}
