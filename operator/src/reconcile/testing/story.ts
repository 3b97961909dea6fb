import type { SpecInput } from "./build.ts";
import { describeAction, jobWords } from "./describe.ts";
import { Kubelet, type Outcome } from "./kubelet.ts";
import { World, type WorldJob, type WorldPod } from "./world.ts";

/** A run told line by line: what happens in the cluster, and what the operator does about it. */
export class Story {
  readonly world: World;
  readonly kubelet: Kubelet;
  readonly #lines: string[] = [];

  constructor(limits: ConstructorParameters<typeof World>[0] = {}) {
    this.world = new World(limits);
    this.kubelet = new Kubelet(this.world);
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  /** The user applies a BatchChange. */
  apply(name: string, spec: SpecInput): string {
    let key = "";
    this.happens(`the user applies ${name}`, () => (key = this.world.addBatch(name, spec)));
    return key;
  }

  /** Something happens 10 seconds after what was before; then the operator acts until it is content. */
  happens(what: string, event: () => void): void {
    this.later(10, what, event);
  }

  /** Something happens after so many seconds. */
  later(seconds: number, what: string, event: () => void = () => undefined): void {
    this.world.pass(seconds);
    this.#lines.push(`${this.world.now.toISOString().slice(11, 19)} ${what}`);
    event();
    this.#settle();
  }

  /** The newest Job of a repository. */
  job(key: string, repository: string): WorldJob {
    const { metadata } = this.world.changesetOf(key, repository);
    return this.world.jobsOf(key).findLast(({ job }) => job.changeset === metadata.name)!;
  }

  /** Its pod, which starts if it has none yet. */
  pod(key: string, repository: string): WorldPod {
    const job = this.job(key, repository);
    const known = this.kubelet.podOf(job.job.name);
    if (known !== undefined) return known;
    const pod = this.kubelet.createPod(job, "a");
    this.kubelet.run(pod);
    return pod;
  }

  /** The pod of a repository's newest Job starts. */
  starts(key: string, repository: string): void {
    this.happens(`the pod of ${jobWords(this.job(key, repository).job.name, this.world)} starts`, () => this.pod(key, repository));
  }

  /** The agent of a repository's newest Job ends by itself. */
  finishes(key: string, repository: string, outcome: Outcome = {}): void {
    const words = outcome.reason ?? (outcome.change === false ? "no change necessary" : "a change");
    const cost = outcome.nanoUSD === undefined ? "" : `, $${(outcome.nanoUSD / 1e9).toFixed(2)}`;
    this.happens(`${repository} reports: ${words}${cost}`, () => this.kubelet.finish(this.pod(key, repository), outcome));
  }

  #settle(): void {
    for (let pass = 0; pass < 50; pass += 1) {
      const acted = [...this.world.batches.keys()].map((key) => this.#act(key));
      if (!acted.includes(true)) return;
    }
    throw new Error(`the operator does not come to rest:\n${this.text}`);
  }

  #act(key: string): boolean {
    const actions = this.world.actionsFor(key);
    for (const action of actions) {
      const line = describeAction(action, this.world);
      this.world.apply(key, action);
      if (line !== undefined) this.#lines.push(`  ${line}`);
    }
    return actions.length > 0;
  }
}

/** Nano-dollars. */
export function dollars(amount: number): number {
  return Math.round(amount * 1e9);
}
