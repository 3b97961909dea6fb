import { apiVersion, label } from "@codybatch/crds";
import type { BatchChange, Changeset, Condition, Repository } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import { eventually } from "../cluster/deadline.ts";
import type { Api } from "../local-mode/api.ts";

type Entry = string | (Partial<Repository> & Pick<Repository, "url">);
type Status<T extends { status?: unknown }> = NonNullable<T["status"]>;

interface Event {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
}

interface About {
  readonly regarding: { readonly name: string };
}

/** Where a batch lives: local mode, or a namespace of a cluster. */
export interface Place {
  readonly api: Api;
  /** Containers outside the API's sight that still run for pods whose name begins so, as `pod/container`. */
  readonly running: (podPrefix: string) => readonly string[];
}

/** Generous: everything may run beside other tests on a small machine. */
const patience = 60;

/** One BatchChange as its user makes, edits and watches it. */
export class Batch {
  readonly name: string;
  readonly #place: Place;
  readonly #seconds: number;

  /** Waits at most so many seconds for what must come. */
  constructor(place: Place, name: string, seconds: number = patience) {
    this.#place = place;
    this.name = name;
    this.#seconds = seconds;
  }

  /** Applies it; an entry is a URL, or more. */
  async create(repositories: readonly Entry[], spec: object = {}): Promise<this> {
    const entries = repositories.map((entry) => (typeof entry === "string" ? { url: entry } : entry));
    await this.#place.api.create(resources.batchChanges, {
      apiVersion,
      kind: "BatchChange",
      metadata: { name: this.name },
      spec: { ...("promptFrom" in spec ? {} : { prompt: "Do it." }), repositories: entries, ...spec },
    });
    return this;
  }

  async edit(spec: object): Promise<void> {
    await this.#place.api.patch(resources.batchChanges, this.name, { spec });
  }

  async remove(): Promise<void> {
    await this.#place.api.remove(resources.batchChanges, this.name);
  }

  /** Waits until its status, which speaks of the newest spec, is as wanted. */
  async until(what: string, isSo: (status: Status<BatchChange>) => boolean): Promise<Status<BatchChange>> {
    const found = await this.#place.api.untilBatch(
      this.name,
      what,
      ({ metadata, status }) => status?.observedGeneration === metadata.generation && status !== undefined && isSo(status),
      { seconds: this.#seconds },
    );
    return found.status!;
  }

  async reaches(phase: string): Promise<Status<BatchChange>> {
    return this.until(`is ${phase}`, (status) => status.phase === phase);
  }

  /** Waits for a condition with this status. */
  async condition(type: string, status: Condition["status"]): Promise<Condition> {
    const fits = (condition: Condition): boolean => condition.type === type && condition.status === status;
    const found = await this.until(`has ${type} ${status}`, ({ conditions }) => conditions?.some(fits) === true);
    return found.conditions!.find(fits)!;
  }

  async changesets(): Promise<readonly Changeset[]> {
    return (await this.#place.api.list(resources.changesets, this.#selector)) as readonly unknown[] as readonly Changeset[];
  }

  /** Waits until the Changeset of `owner/name` is as wanted. */
  async changeset(
    repository: string,
    what: string,
    isSo: (found: Changeset) => boolean,
  ): Promise<Changeset & { status: Status<Changeset> }> {
    let last: Changeset | undefined;
    const look = async (): Promise<Changeset | undefined> => {
      last = (await this.changesets()).find(
        ({ metadata, spec }) => spec.repository.name === repository && metadata.deletionTimestamp === undefined,
      );
      return last !== undefined && isSo(last) ? last : undefined;
    };
    const found = await eventually(`${repository} ${what}`, look, { seconds: this.#seconds, instead: () => last?.status });
    return { ...found, status: found.status! };
  }

  /** Waits until the Changeset of `owner/name` has this phase, and this reason when one is given. */
  async ends(repository: string, phase: string, reason?: string): Promise<Changeset & { status: Status<Changeset> }> {
    const isSo = ({ status }: Changeset): boolean => status?.phase === phase && (reason === undefined || status.reason === reason);
    return this.changeset(repository, `is ${phase} ${reason ?? ""}`, isSo);
  }

  /** Waits until it has that many Changesets, all of this phase. */
  async untilAll(count: number, phase: string): Promise<readonly Changeset[]> {
    const look = async (): Promise<readonly Changeset[] | undefined> => {
      const found = await this.changesets();
      return found.length === count && found.every(({ status }) => status?.phase === phase) ? found : undefined;
    };
    return eventually(`${count} Changesets of ${this.name} are ${phase}`, look, { seconds: this.#seconds });
  }

  /** Asks for another attempt, as a user does. */
  async retry(changeset: string, attempt: number): Promise<void> {
    await this.#place.api.patch(resources.changesets, changeset, { spec: { attempt } });
  }

  async jobs(): Promise<readonly string[]> {
    return (await this.#place.api.list(resources.jobs, this.#selector)).map(({ metadata }) => metadata.name).toSorted();
  }

  async configMaps(role?: string): Promise<readonly KubeObject[]> {
    const selector = role === undefined ? this.#selector : `${this.#selector},${label.role}=${role}`;
    return this.#place.api.list(resources.configMaps, selector);
  }

  /** Waits for an Event of this reason; gives all Events about it and its Changesets. */
  async events(reason: string): Promise<readonly Event[]> {
    const look = async (): Promise<readonly Event[] | undefined> => {
      const events = await this.#events();
      return events.some((event) => event.reason === reason) ? events : undefined;
    };
    return eventually(`an Event ${reason} about ${this.name}`, look, { seconds: this.#seconds });
  }

  async #events(): Promise<readonly Event[]> {
    const own = new Set([this.name, ...(await this.changesets()).map(({ metadata }) => metadata.name)]);
    const events = (await this.#place.api.list(resources.events)) as readonly unknown[] as readonly (Event & About)[];
    return events.filter(({ regarding }) => own.has(regarding.name)).map(({ type, reason, note }) => ({ type, reason, note }));
  }

  /** What is still there of its objects and processes after a wait that ends as soon as there is nothing. */
  async remains(): Promise<readonly string[]> {
    let left: readonly string[] = [];
    const look = async (): Promise<true | undefined> => {
      left = await this.#left();
      return left.length === 0 ? true : undefined;
    };
    await eventually("nothing is left", look, { seconds: this.#seconds }).catch(() => undefined);
    return left;
  }

  get #selector(): string {
    return `${label.batchChange}=${this.name}`;
  }

  async #left(): Promise<readonly string[]> {
    const kinds = [resources.changesets, resources.jobs, resources.pods, resources.configMaps];
    const lists = await Promise.all(kinds.map((kind) => this.#place.api.list(kind, this.#selector)));
    const objects = lists.flat().map(({ metadata }) => metadata.name);
    const own = await this.#place.api.batch(this.name);
    return [...(own === undefined ? [] : [this.name]), ...objects, ...this.#place.running(`${this.name}-`)];
  }
}
