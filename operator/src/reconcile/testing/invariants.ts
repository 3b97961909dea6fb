import { annotation, nanoUSD, type Changeset } from "@codybatch/crds";
import { entriesOf } from "../repositories.ts";
import { occupiesSlot } from "../pods.ts";
import { isSettled } from "../try.ts";
import { closing } from "../publish/record.ts";
import type { CreateJob, CreateTask } from "../wish.ts";
import type { Host } from "./host.ts";
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

/** What must hold at the moment at which a publish Job is created. Throws with what was broken. */
export function checkPublish(world: World, key: string, { name, owner, manifest }: CreateTask): void {
  const { spec } = world.batches.get(key)!;
  const { uid } = owner.metadata;
  const running = world.tasks.of(key).filter(({ job }) => job.task === "publish" && job.owner === uid && job.finishedAt === undefined);
  if (running.length > 0) throw new Error(`${name} starts while ${running[0]!.job.name} runs`);
  const subject = manifest.metadata.annotations[annotation.subject]!;
  if (subject === closing) {
    if (!spec.cancel || spec.publish.closeOnCancel !== true) throw new Error(`${name} closes what nobody asked to close`);
    return;
  }
  if (spec.suspend || spec.cancel) throw new Error(`${name} starts although the batch is suspended or cancelled`);
  const { approval } = world.changesets.get(owner.metadata.name)!.spec;
  const isApproved = spec.publish.policy === "OnApproval" && approval?.patch === subject;
  if (!isApproved && spec.publish.policy !== "Automatic") throw new Error(`${name} publishes ${subject}, approved is ${approval?.patch}`);
}

/** At rest a repository has one branch and one open pull request of a batch at most, and status names what that brings. */
export function checkPulls(world: World, host: Host, key: string): void {
  const [, batch = ""] = key.split("/");
  for (const { spec, status } of world.changesetsOf(key)) {
    const own = host.pulls.filter(({ repository, branch }) => repository === spec.repository.name && branch === `codybatch/${batch}`);
    const pull = own.find(({ number }) => number === status?.pullRequest?.number);
    if (status?.pullRequest !== undefined && pull === undefined)
      throw new Error(`${spec.repository.name} tells of a pull request that is not there`);
    if (own.filter(({ state }) => state === "open").length > 1) throw new Error(`${spec.repository.name} has two pull requests`);
    const published = status?.publishing?.published;
    if (pull !== undefined && published !== undefined && pull.pushed.at(-1) !== published) {
      throw new Error(`${spec.repository.name} brings ${pull.pushed.at(-1)}, status says ${published}`);
    }
  }
}

const final = ["NoChange", "Ready", "AwaitingApproval", "Open", "Merged", "Closed", "Failed", "Cancelled", "Duplicate"];

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
