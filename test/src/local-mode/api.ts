import type { BatchChange, Changeset } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { KubeObject, Resource } from "@codybatch/operator";
import { eventually } from "../cluster/deadline.ts";
import type { Patience } from "../cluster/deadline.ts";
import { patience as usualPatience } from "./settings.ts";

/** The user's hands: what kubectl would do in one namespace. Refusals are errors, but for a get that finds nothing. */
export class Api {
  readonly #url: () => string;
  readonly #namespace: string;

  constructor(url: () => string, namespace = "default") {
    this.#url = url;
    this.#namespace = namespace;
  }

  async get(resource: Resource, name: string): Promise<KubeObject | undefined> {
    const answer = await fetch(this.#path(resource, name));
    if (answer.status === 404) await answer.body?.cancel();
    return answer.status === 404 ? undefined : ((await read(answer)) as unknown as KubeObject);
  }

  async list(resource: Resource, labelSelector = ""): Promise<readonly KubeObject[]> {
    const answer = await fetch(`${this.#path(resource)}?labelSelector=${encodeURIComponent(labelSelector)}`);
    return (await read(answer))["items"] as readonly KubeObject[];
  }

  async create(resource: Resource, body: object): Promise<KubeObject> {
    const headers = { "content-type": "application/json" };
    return (await read(
      await fetch(this.#path(resource), { method: "POST", headers, body: JSON.stringify(body) }),
    )) as unknown as KubeObject;
  }

  async patch(resource: Resource, name: string, body: object): Promise<KubeObject> {
    const headers = { "content-type": "application/merge-patch+json" };
    const answer = await fetch(this.#path(resource, name), { method: "PATCH", headers, body: JSON.stringify(body) });
    return (await read(answer)) as unknown as KubeObject;
  }

  async remove(resource: Resource, name: string): Promise<void> {
    await read(await fetch(this.#path(resource, name), { method: "DELETE" }));
  }

  async batch(name: string): Promise<BatchChange | undefined> {
    return (await this.get(resources.batchChanges, name)) as BatchChange | undefined;
  }

  async changesets(): Promise<readonly Changeset[]> {
    return (await this.list(resources.changesets)) as readonly unknown[] as readonly Changeset[];
  }

  /** The Changeset of a repository, by `owner/name`. */
  async changeset(repository: string): Promise<Changeset | undefined> {
    return (await this.changesets()).find(({ spec }) => spec.repository.name === repository);
  }

  /** Looks at the Changeset until it is as wanted; a failure shows how it is instead. */
  async untilChangeset(
    repository: string,
    what: string,
    isSo: (found: Changeset) => boolean,
    patience: Patience = usualPatience,
  ): Promise<Changeset> {
    let last: Changeset | undefined;
    const look = async (): Promise<Changeset | undefined> => {
      last = await this.changeset(repository).catch(unlessAway);
      return last !== undefined && isSo(last) ? last : undefined;
    };
    return eventually(`${repository} ${what}`, look, { ...patience, instead: () => last?.status });
  }

  /** Looks at the BatchChange until it is as wanted; a failure shows how it is instead. */
  async untilBatch(
    name: string,
    what: string,
    isSo: (found: BatchChange) => boolean,
    patience: Patience = usualPatience,
  ): Promise<BatchChange> {
    let last: BatchChange | undefined;
    const look = async (): Promise<BatchChange | undefined> => {
      last = await this.batch(name).catch(unlessAway);
      return last !== undefined && isSo(last) ? last : undefined;
    };
    return eventually(`${name} ${what}`, look, { ...patience, instead: () => last?.status });
  }

  /** Waits until every repository of the batch has its outcome and the batch's status says so. */
  async untilComplete(name: string, patience: Patience = usualPatience): Promise<BatchChange> {
    return this.untilBatch(name, "is complete", isComplete, patience);
  }

  #path({ group, version, plural }: Resource, name?: string): string {
    const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    return `${this.#url()}${root}/namespaces/${this.#namespace}/${plural}${name === undefined ? "" : `/${name}`}`;
  }
}

export function isComplete({ status }: BatchChange): boolean {
  return status?.conditions?.some((condition) => condition.type === "Complete" && condition.status === "True") === true;
}

/** While the server is away there is nothing to see. */
function unlessAway(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error;
}

async function read(answer: Response): Promise<Record<string, unknown>> {
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${String(body["message"])}`);
  return body;
}
