import type { Logger } from "pino";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

import type { Api } from "../api/client.ts";
import { ApiError, unlessMissing } from "../api/client.ts";
import type { Job, JobStatus } from "../api/job.ts";
import { isFinished, jobSchema } from "../api/job.ts";
import { controllerOf } from "../api/metadata.ts";
import { controllerUIDLabel, paths } from "../api/paths.ts";
import type { Pod } from "../api/pod.ts";
import { podSchema } from "../api/pod.ts";
import { makePrivate, readIfThere, writeDurably } from "../disk/atomic.ts";
import type { Ledger } from "./ledger.ts";
import type { JobStep } from "./next.ts";
import { nextStep } from "./next.ts";
import { podFor } from "./pod.ts";

const ledgerSchema = z.record(z.string(), z.enum(["active", "succeeded", "failed", "released"]));
const podListSchema = z.looseObject({ items: z.array(podSchema) });

interface ControllerOptions {
  readonly api: Api;
  /** Where the ledgers lie, one file a Job. */
  readonly dir: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** Makes each Job's pod and writes the Job's status; looks at the server's own state before each act. */
export class JobController {
  private readonly options: ControllerOptions;
  private readonly ledgers = new Map<string, Ledger>();
  private readonly queues = new Map<string, Promise<void>>();
  private isDraining = false;

  constructor(options: ControllerOptions) {
    this.options = options;
    makePrivate(options.dir);
  }

  /** From now on no pod is made. */
  drain(): void {
    this.isDraining = true;
  }

  /** One pass over the Job; passes of one Job never overlap. Failures are logged and left to the next pass. */
  reconcile(job: Job): Promise<void> {
    if (isFinished(job)) return Promise.resolve();
    const { uid, name } = job.metadata;
    const pass = (this.queues.get(uid) ?? Promise.resolve())
      .then(() => this.pass(job))
      .catch((error: unknown) => this.options.log.warn({ err: error, job: name }, "Job not reconciled, trying again"));
    this.queues.set(uid, pass);
    return pass;
  }

  /** Whether the pod's end is counted, so that its object may go. */
  async hasCounted(pod: Pod): Promise<boolean> {
    const owner = controllerOf(pod.metadata);
    if (owner === undefined) return true;
    const ledger = await this.ledgerOf(owner.uid);
    return ledger[pod.metadata.uid] !== "active";
  }

  /** Forgets a Job that was deleted. */
  async forget(uid: string): Promise<void> {
    await this.queues.get(uid);
    this.queues.delete(uid);
    this.ledgers.delete(uid);
    await rm(this.ledgerPath(uid), { force: true });
  }

  /** Forgets Jobs that were deleted while no process runner ran. */
  async forgetAllBut(uids: ReadonlySet<string>): Promise<void> {
    const stored = readdirSync(this.options.dir).map((file) => file.replace(/\.json(\.new)?$/, ""));
    for (const uid of new Set(stored)) if (!uids.has(uid)) await this.forget(uid);
  }

  private async pass(seen: Job): Promise<void> {
    const found = await unlessMissing(this.options.api.get(paths.job(seen.metadata)));
    const job = found === undefined ? undefined : jobSchema.parse(found);
    if (job?.metadata.uid !== seen.metadata.uid) return;
    const ledger = await this.ledgerOf(job.metadata.uid);
    const step = nextStep(job, await this.podsOf(job), ledger, this.options.now());
    if (step !== undefined) await this.take(step, job, ledger);
  }

  private async take(step: JobStep, job: Job, ledger: Ledger): Promise<void> {
    await this.keepLedger(job, ledger, step.ledger);
    await this.writeStatus(job, step.status);
    for (const pod of step.stop) await this.stop(pod);
    if (step.create !== undefined && !this.isDraining) await this.create(job, step);
  }

  private async create(job: Job, step: JobStep): Promise<void> {
    const { namespace, uid } = job.metadata;
    const body = podFor(job, step.create ?? 0);
    const path = paths.pod({ namespace });
    const pod = podSchema.parse(await this.createOrGet(path, body));
    if (controllerOf(pod.metadata)?.uid !== uid) throw new Error(`pod ${body.metadata.name} belongs to another owner`);
    this.options.log.info({ job: job.metadata.name, pod: pod.metadata.name }, "Pod made");
    await this.keepLedger(job, step.ledger, { ...step.ledger, [pod.metadata.uid]: "active" });
    await this.writeStatus({ ...job, status: step.status }, { ...step.status, active: 1 });
  }

  private async createOrGet(path: string, body: { readonly metadata: { readonly name: string } }): Promise<unknown> {
    try {
      return await this.options.api.create(path, body);
    } catch (error) {
      if (error instanceof ApiError && error.reason === "AlreadyExists") return this.options.api.get(`${path}/${body.metadata.name}`);
      throw error;
    }
  }

  private async stop({ metadata }: Pod): Promise<void> {
    await unlessMissing(this.options.api.remove(paths.pod(metadata), { preconditions: { uid: metadata.uid } }));
  }

  private async podsOf(job: Job): Promise<readonly Pod[]> {
    const query = new URLSearchParams({ labelSelector: `${controllerUIDLabel}=${job.metadata.uid}` });
    return podListSchema.parse(await this.options.api.get(`${paths.pod({ namespace: job.metadata.namespace })}?${query.toString()}`)).items;
  }

  private async writeStatus(job: Job, next: JobStatus): Promise<void> {
    if (JSON.stringify(sorted(job.status)) === JSON.stringify(sorted(next))) return;
    const removed = Object.keys(job.status).filter((key) => !(key in next));
    const status = { ...next, ...Object.fromEntries(removed.map((key) => [key, null])) };
    await this.options.api.patch(`${paths.job(job.metadata)}/status`, { metadata: { uid: job.metadata.uid }, status });
  }

  private async ledgerOf(uid: string): Promise<Ledger> {
    const known = this.ledgers.get(uid);
    if (known !== undefined) return known;
    const text = await readIfThere(this.ledgerPath(uid));
    const ledger = text === undefined ? {} : ledgerSchema.parse(JSON.parse(text));
    this.ledgers.set(uid, ledger);
    return ledger;
  }

  private async keepLedger(job: Job, old: Ledger, next: Ledger): Promise<void> {
    if (JSON.stringify(old) === JSON.stringify(next)) return;
    await writeDurably(this.ledgerPath(job.metadata.uid), JSON.stringify(next));
    this.ledgers.set(job.metadata.uid, next);
  }

  private ledgerPath(uid: string): string {
    return join(this.options.dir, `${uid}.json`);
  }
}

function sorted(status: JobStatus): unknown {
  return Object.entries(status).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
