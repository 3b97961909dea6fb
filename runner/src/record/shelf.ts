import type { RecordPart } from "@codybatch/crds";
import { label } from "@codybatch/crds";
import type { Api } from "./api.ts";
import { ApiError } from "./api.ts";
import type { Owner, Payload } from "./config-map.ts";
import { configMap, StoredConfigMap } from "./config-map.ts";

/** An object of this pod's name is there but another pod wrote it. */
class ForeignObjectError extends Error {
  readonly object: string;

  constructor(object: string) {
    super(`the ConfigMap ${object} is not of this pod`);
    this.name = "ForeignObjectError";
    this.object = object;
  }
}

export interface ShelfItem extends Payload {
  readonly part: RecordPart;
  readonly name: string;
}

/** The ConfigMaps of one pod. */
export class Shelf {
  readonly #api: Api;
  readonly #owner: Owner;

  constructor(api: Api, owner: Owner) {
    this.#api = api;
    this.#owner = owner;
  }

  /** Writes an object that never changes; gives what is stored under its name instead when that was written before. */
  async createOnce(item: ShelfItem): Promise<StoredConfigMap | undefined> {
    try {
      await this.#api.send("POST", this.#path(), this.#object(item));
      return undefined;
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      return await this.#own(item.name);
    }
  }

  /** Writes an object that may be there already. */
  async replace(item: ShelfItem, signal?: AbortSignal): Promise<void> {
    const object = this.#object(item);
    try {
      await this.#api.send("PUT", this.#path(item.name), object, signal);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      await this.#api.send("POST", this.#path(), object, signal);
    }
  }

  async #own(name: string): Promise<StoredConfigMap> {
    const stored = StoredConfigMap.parse(await this.#api.send("GET", this.#path(name), undefined));
    if (stored.metadata.labels[label.podUID] !== this.#owner.pod.uid) throw new ForeignObjectError(name);
    return stored;
  }

  #object(item: ShelfItem) {
    return configMap(this.#owner, item.part, item.name, item);
  }

  #path(name?: string): string {
    const all = `/api/v1/namespaces/${this.#owner.pod.namespace}/configmaps`;
    return name === undefined ? all : `${all}/${name}`;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}
