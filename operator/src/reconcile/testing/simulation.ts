import { nanoUSD, type Changeset, type PublishOutcome } from "@codybatch/crds";
import type { Quota } from "../quota/quota.ts";
import { Bank } from "./bank.ts";
import { repositories, type SpecInput } from "./build.ts";
import { describeAction } from "./describe.ts";
import { Host } from "./host.ts";
import { checkMoney, checkOutcomes, checkPublish, checkPulls, checkStart } from "./invariants.ts";
import { Kubelet } from "./kubelet.ts";
import { randomOf, type Random } from "./random.ts";
import { World, type WorldJob, type WorldPod } from "./world.ts";

export interface SimulationOptions {
  readonly seed: number;
  /** Random moves before everything is let run to its end. */
  readonly moves?: number;
  /** Then batches are also deleted and applied again, and days pass. */
  readonly quotas?: readonly Quota[];
}

/**
 * Several batches in two namespaces under random interleavings of Job endings, faults, edits and crashes of the operator between
 * two writes. Every invariant is checked after every write. The same seed gives the same run.
 */
export class Simulation {
  readonly world: World;
  readonly #log: (() => string)[] = [];
  readonly #kubelet: Kubelet;
  readonly #host: Host;
  readonly #random: Random;
  readonly #moves: number;

  constructor({ seed, moves = 80, quotas }: SimulationOptions) {
    this.#random = randomOf(seed);
    this.world = new World({ runningJobs: 1 + this.#random.below(6), publishPolicies: ["Never", "OnApproval", "Automatic"] });
    this.#host = new Host(this.world);
    if (quotas !== undefined) this.world.bank = new Bank(this.world, quotas);
    this.#kubelet = new Kubelet(this.world);
    this.#moves = moves;
    this.world.addBatch("first", this.#spec(), "team-a");
    this.world.addBatch("second", this.#spec(), "team-a");
    this.world.addBatch("third", this.#spec(), "team-b");
  }

  /** What happened, oldest first. */
  get log(): readonly string[] {
    return this.#log.map((line) => line());
  }

  /** Throws with the log when an invariant is broken or the world does not come to rest. */
  run(): void {
    try {
      for (let move = 0; move < this.#moves; move += 1) this.#move();
      this.#calmDown();
      for (const key of this.world.batches.keys()) checkOutcomes(this.world, key);
      for (const key of this.world.batches.keys()) checkPulls(this.world, this.#host, key);
      this.#checkRest();
      this.world.bank?.checkRest(this.world.now);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.log.slice(-60).join("\n")}`, { cause: error });
    }
  }

  #spec(): SpecInput {
    const random = this.#random;
    const count = 1 + random.below(5);
    return {
      repositories: repositories(count),
      parallelism: 1 + random.below(4),
      agent: { maxCostUSD: "1.00" },
      budget: { maxCostUSD: 1 + random.below(6) },
      rollout: { canary: random.below(3) },
      publish: { policy: random.pick(["Never", "OnApproval", "OnApproval", "Automatic"] as const)!, closeOnCancel: random.percent(50) },
      suspend: random.percent(10),
    };
  }

  #move(): void {
    this.world.pass(1 + this.#random.below(40));
    if (this.world.bank !== undefined && this.#random.percent(8)) this.#turn(this.world.bank);
    this.world.bank?.checkReal(this.world.now);
    const chance = this.#random.below(100);
    if (chance < 45) this.#operate(this.#random.percent(25));
    else if (chance < 75) this.#liveOn();
    else if (chance < 85) this.#publishOn();
    else if (chance < 93) this.#fault();
    else this.#edit();
  }

  /** Hours or weeks pass, or a batch is deleted and applied again, in the hope of more money. */
  #turn(bank: Bank): void {
    const random = this.#random;
    if (random.percent(60)) return this.world.pass(3600 * (random.percent(80) ? 1 + random.below(15) : random.below(480)));
    const key = random.pick([...this.world.batches.keys()])!;
    const [namespace = "", name = ""] = key.split("/");
    this.#log.push(() => `the user deletes ${key} and applies it again`);
    bank.hasDeletions = true;
    this.world.removeBatch(key);
    this.world.addBatch(name, this.#spec(), namespace);
  }

  /** One pass over one batch; a crash comes after any of its writes. */
  #operate(crash: boolean): void {
    const key = this.#random.pick([...this.world.batches.keys()])!;
    const actions = this.world.actionsFor(key);
    const cut = crash ? this.#random.below(actions.length + 1) : actions.length;
    this.#carryOut(key, actions.slice(0, cut));
    if (cut < actions.length) this.#log.push(() => `  the operator dies with ${actions.length - cut} writes to do`);
  }

  #carryOut(key: string, actions: ReturnType<World["actionsFor"]>): void {
    for (const action of actions) {
      if (action.kind === "CreateJob") checkStart(this.world, key, action);
      if (action.kind === "CreateTask" && action.owner.kind === "Changeset") checkPublish(this.world, key, action);
      this.#log.push(() => `  ${key} ${describeAction(action, this.world) ?? action.kind}`);
      this.world.apply(key, action);
      if (this.world.batches.has(key)) checkMoney(this.world, key);
    }
  }

  get #openJobs(): WorldJob[] {
    return [...this.world.jobs.values()].filter(({ job, gone }) => !gone && job.finished === undefined);
  }

  get #runningPods(): WorldPod[] {
    return [...this.world.pods.values()].filter(
      ({ pod, forgotten }) => !forgotten && pod.phase === "Running" && pod.deletingSince === undefined,
    );
  }

  /** Controller, kubelet and agents do their work. */
  #liveOn(): void {
    const job = this.#random.pick(this.#openJobs);
    if (job === undefined) return;
    if (job.job.suspended) {
      if (job.job.suspendedAt === undefined) this.#kubelet.obeySuspend(job);
      return;
    }
    const pod = this.#kubelet.podOf(job.job.name);
    if (pod === undefined) this.#kubelet.createPod(job);
    else if (pod.pod.phase === "Pending") this.#kubelet.run(pod);
    else if (pod.pod.deletingSince === undefined && !pod.forgotten) this.#agentWorks(pod, job.job.reservedNanoUSD);
  }

  /** An agent never spends more than its Job reserves. */
  #agentWorks(pod: WorldPod, reserved: number): void {
    const cost = this.#random.below(Math.max(1, Math.floor((reserved - pod.spentNanoUSD) / 2)));
    if (this.#random.percent(40)) return this.#kubelet.work(pod, cost);
    const reason = this.#random.percent(20) ? "NotReported" : "Reported";
    this.#log.push(() => `${pod.pod.name} ends: ${reason}`);
    this.#kubelet.finish(pod, { reason, change: this.#random.percent(60), nanoUSD: cost });
  }

  /** Somebody approves, a publish or track Job does its work or dies of it, or people decide about a pull request. */
  #publishOn(): void {
    const random = this.#random;
    const task = random.pick([...this.#host.waiting, ...this.#host.looking]);
    const pull = random.pick(this.#host.pulls);
    if (random.percent(30)) return this.#approve(random.pick([...this.world.changesets.values()]));
    if (pull !== undefined && random.percent(5)) pull.state = random.percent(70) ? "merged" : "closed";
    if (task === undefined) return;
    this.#log.push(() => `${task.job.name} ends`);
    if (task.job.task === "track") this.#host.look(task);
    else if (random.percent(60)) this.#host.finish(task);
    else if (random.percent(40)) this.#host.lose(task);
    else this.#host.finish(task, random.pick(setbacks)!);
  }

  /** Whatever patch is stored now; or the approval is taken back. */
  #approve(changeset: Changeset | undefined): void {
    const patch = changeset?.status?.patch?.digest;
    if (changeset === undefined || patch === undefined) return;
    const { approval, ...rest } = changeset.spec;
    this.#log.push(() => `somebody approves ${patch} of ${changeset.metadata.name}, or takes it back`);
    if (approval?.patch !== patch) return this.world.editChangeset(changeset.metadata.name, { approval: { patch, by: "rosa" } });
    if (this.#random.percent(20)) this.world.changesets.set(changeset.metadata.name, { ...changeset, spec: rest });
  }

  #fault(): void {
    const pod = this.#random.pick(this.#runningPods);
    if (pod === undefined) return;
    const faults: readonly (readonly [string, () => void])[] = [
      ["is evicted", () => this.#kubelet.interrupt(pod, "EvictionByEvictionAPI")],
      ["is preempted", () => this.#kubelet.interrupt(pod, "PreemptionByScheduler")],
      ["loses its agent", () => this.#kubelet.killAgent(pod)],
      ["loses its node", () => this.#kubelet.loseNode(pod)],
      ["vanishes without a trace", () => this.#kubelet.vanish(pod)],
      ["loses its Job", () => this.#kubelet.deleteJob(this.world.jobs.get(pod.job)!)],
    ];
    const [what, happen] = this.#random.pick(faults)!;
    this.#log.push(() => `${pod.pod.name} ${what}`);
    happen();
  }

  #edit(): void {
    const random = this.#random;
    const key = random.pick([...this.world.batches.keys()])!;
    const { spec } = this.world.batches.get(key)!;
    const edits: readonly (readonly [string, SpecInput])[] = [
      ["parallelism", { parallelism: 1 + random.below(4) }],
      ["suspend", { suspend: !spec.suspend }],
      ["prompt", { prompt: `Prompt ${random.below(3)}` }],
      ["repositories", { repositories: repositories(1 + random.below(6)).filter(() => random.percent(80)) }],
      ["retryFailed", { retryFailed: spec.retryFailed + 1 }],
      ["canary", { rollout: { canary: random.below(3) } }],
      ["budget", { budget: { maxCostUSD: raised(spec.budget?.maxCostUSD) } }],
      ...(random.percent(10) ? [["cancel", { cancel: true }] as const] : []),
    ];
    const [what, change] = random.pick(edits)!;
    this.#log.push(() => `the user edits ${what} of ${key}`);
    this.world.edit(key, change);
    const changeset = random.pick(this.world.changesetsOf(key));
    if (changeset === undefined || !random.percent(20)) return;
    this.#log.push(() => `the user raises attempt of ${changeset.metadata.name}`);
    this.world.editChangeset(changeset.metadata.name, { attempt: changeset.spec.attempt + 1 });
  }

  /** No more faults and edits; what waits for the user is let go. */
  #calmDown(): void {
    if (this.world.bank !== undefined) this.world.bank.quotas = [{ namespaces: ["*"], period: "month", maxCostUSD: 9_999_999 }];
    for (const key of this.world.batches.keys()) {
      this.world.edit(key, { suspend: false, rollout: { canary: 0 }, budget: { maxCostUSD: 1000 } });
    }
    for (let round = 0; round < 300; round += 1) {
      this.world.pass(150);
      let acted = false;
      for (const key of this.world.batches.keys()) {
        const actions = this.world.actionsFor(key);
        this.#carryOut(key, actions);
        acted ||= actions.length > 0;
      }
      for (const job of this.#openJobs) acted = this.#drain(job) || acted;
      acted = this.#drainTasks() || acted;
      // A host that wants rest is waited for.
      const waits = [...this.world.changesets.values()].some(({ status }) => status?.phase === "Publishing");
      if (!acted && !waits && round > 5) return;
    }
    throw new Error("the world does not come to rest");
  }

  /** Everything is approved, and what is open is merged. */
  #drainTasks(): boolean {
    for (const changeset of this.world.changesets.values()) if (changeset.spec.approval === undefined) this.#approve(changeset);
    const tasks = [...this.#host.waiting, ...this.#host.looking];
    for (const task of tasks) {
      if (task.job.task === "track") this.#host.look(task);
      else this.#host.finish(task);
    }
    for (const pull of this.#host.pulls) if (pull.state === "open") pull.state = "merged";
    return tasks.length > 0;
  }

  /** True when something moved. */
  #drain(job: WorldJob): boolean {
    const pod = this.#kubelet.podOf(job.job.name);
    if (job.job.suspended) {
      if (job.job.suspendedAt !== undefined) return false;
      this.#kubelet.obeySuspend(job);
    } else if (pod === undefined) this.#kubelet.run(this.#kubelet.createPod(job));
    else if (pod.pod.phase === "Pending") this.#kubelet.run(pod);
    else if (pod.pod.deletingSince === undefined) this.#kubelet.finish(pod, { nanoUSD: 1 });
    else return false;
    return true;
  }

  /** At rest nothing is wished for, however often one asks. */
  #checkRest(): void {
    for (const key of this.world.batches.keys()) {
      const [action] = this.world.actionsFor(key);
      if (action !== undefined) throw new Error(`${key} is at rest, but wishes to ${describeAction(action, this.world)}`);
    }
  }
}

const setbacks: readonly PublishOutcome[] = [
  { kind: "Unavailable", message: "The host did not answer." },
  { kind: "RateLimited", until: "2026-03-02T10:00:00Z", message: "The host wants rest." },
  { kind: "Refused", reason: "BranchTaken", message: "The branch is somebody else's." },
  { kind: "Refused", reason: "CredentialMissing", message: "There is no Secret." },
];

function raised(budget: string | number | undefined): number {
  return Math.ceil(nanoUSD(budget ?? 0) / 1e9) + 1;
}
