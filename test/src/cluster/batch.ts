import { apiVersion, type BatchChange, type Changeset, jobName } from "@codybatch/crds";
import type { Api } from "./api.ts";
import { eventually } from "./deadline.ts";
import { schedule } from "./kubelet.ts";
import type { Pod } from "./pod.ts";

/** One BatchChange in a namespace, as its user sees and edits it. */
export class Batch {
  readonly #api: Api;
  readonly #namespace: string;
  readonly #name: string;

  constructor(api: Api, namespace: string, name: string) {
    this.#api = api;
    this.#namespace = namespace;
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  /** Makes it, for some repositories of one owner. */
  async create(repositories: readonly string[], spec: object = {}): Promise<void> {
    await this.#api.must("POST", this.#path("batchchanges"), {
      apiVersion,
      kind: "BatchChange",
      metadata: { name: this.#name },
      spec: {
        prompt: "Move it to Node 24.",
        repositories: repositories.map((name) => ({ url: `https://github.com/acme/${name}` })),
        ...spec,
      },
    });
  }

  async edit(spec: object): Promise<void> {
    await this.#api.must("PATCH", this.#path("batchchanges", this.#name), { spec }, "application/merge-patch+json");
  }

  async remove(): Promise<void> {
    await this.#api.must("DELETE", this.#path("batchchanges", this.#name));
  }

  async read(): Promise<BatchChange> {
    return (await this.#api.must("GET", this.#path("batchchanges", this.#name))) as unknown as BatchChange;
  }

  async changesets(): Promise<readonly Changeset[]> {
    const list = await this.#api.must("GET", `${this.#path("changesets")}?fieldSelector=spec.batchChange=${this.#name}`);
    return list["items"] as readonly Changeset[];
  }

  /** Waits until the batch is in this phase, with a status that speaks of the newest spec. */
  async reaches(phase: string): Promise<NonNullable<BatchChange["status"]>> {
    let seen: BatchChange["status"];
    const look = async (): Promise<BatchChange["status"]> => {
      const { metadata, status } = await this.read();
      seen = status;
      return status?.phase === phase && status.observedGeneration === metadata.generation ? status : undefined;
    };
    return eventually(`${this.#name} is ${phase}`, look, { instead: () => seen });
  }

  /** Waits until the Changeset of a repository is as the given function wants it. */
  async changeset(repository: string, wanted: (changeset: Changeset) => boolean = () => true): Promise<Changeset> {
    let seen: Changeset | undefined;
    const look = async (): Promise<Changeset | undefined> => {
      seen = (await this.changesets()).find(({ spec }) => spec.repository.name === `acme/${repository}`);
      return seen !== undefined && wanted(seen) ? seen : undefined;
    };
    return eventually(`the Changeset of ${repository} is as wanted`, look, { instead: () => seen?.status });
  }

  /** Waits until the Changeset of a repository is in this phase. */
  async ends(repository: string, phase: string): Promise<Changeset> {
    return this.changeset(repository, ({ status }) => status?.phase === phase);
  }

  /** Waits for the pod of one try and binds it to the node. */
  async pod(repository: string, attempt = 0, number = 0): Promise<Pod> {
    const { metadata } = await this.changeset(repository);
    return schedule(this.#api, this.#namespace, jobName(metadata.name, attempt, number));
  }

  /** Names of the Jobs there are, in order. */
  async jobs(): Promise<readonly string[]> {
    return this.#names(`/apis/batch/v1/namespaces/${this.#namespace}/jobs`);
  }

  /** Everything in the namespace that carries the batch's label, as kind and name. */
  async remains(): Promise<readonly string[]> {
    const core = `/api/v1/namespaces/${this.#namespace}`;
    const collections = [
      `${core}/pods`,
      `${core}/configmaps`,
      `/apis/batch/v1/namespaces/${this.#namespace}/jobs`,
      this.#path("changesets"),
    ];
    return (await Promise.all(collections.map((path) => this.#names(path)))).flat();
  }

  async #names(path: string): Promise<readonly string[]> {
    const list = await this.#api.must("GET", `${path}?labelSelector=codybatch.dev/batch-change=${this.#name}`);
    return (list["items"] as readonly Changeset[]).map(({ metadata }) => metadata.name).toSorted();
  }

  #path(...parts: readonly string[]): string {
    return ["/apis", apiVersion, "namespaces", this.#namespace, ...parts].join("/");
  }
}
