import type { Client } from "../cluster/client.ts";
import type { Clock } from "../cluster/clock.ts";
import { ApiError } from "../cluster/errors.ts";
import { resources, type Resource } from "../cluster/resource.ts";
import { recorderServiceAccount } from "../reconcile/manifest/pod.ts";
import { recorderAccountManifest, recorderBindingManifest } from "./manifests.ts";

/** The operator may not give the recorder of a namespace its account and its right. */
export class AccessForbidden extends Error {
  override readonly name = "AccessForbidden";
  readonly kind: string;
  readonly namespace: string;

  constructor(kind: string, namespace: string, cause: ApiError) {
    super(cause.message, { cause });
    [this.kind, this.namespace] = [kind, namespace];
  }
}

/** How long, in milliseconds, what was seen counts: a Job follows its Changeset within that time, and somebody may delete the account at any. */
const seenFor = 10_000;

/** The recorder's ServiceAccount and RoleBinding in each namespace where something starts. */
export class RecorderAccess {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #seenAt = new Map<string, number>();

  constructor(client: Client, clock: Clock) {
    [this.#client, this.#clock] = [client, clock];
  }

  /** Makes what is missing, for the BatchChange of this key. Looks no more often than every ten seconds. Throws {@link AccessForbidden}. */
  async ensure(key: string, namespace: string): Promise<void> {
    const now = this.#clock.now();
    if (now - (this.#seenAt.get(key) ?? -Infinity) < seenFor) return;
    await Promise.all([
      this.#createIfMissing(namespace, resources.serviceAccounts, recorderAccountManifest(namespace)),
      this.#createIfMissing(namespace, resources.roleBindings, recorderBindingManifest(namespace)),
    ]);
    this.#seenAt.set(key, now);
  }

  /** The BatchChange is gone, and its namespace perhaps with it. */
  forget(key: string): void {
    this.#seenAt.delete(key);
  }

  /** Asked for first, because it is nearly always there. */
  async #createIfMissing(namespace: string, resource: Resource, manifest: object): Promise<void> {
    try {
      if ((await this.#client.get(resource, namespace, recorderServiceAccount)) !== undefined) return;
      await this.#client.create(resource, namespace, manifest);
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) throw new AccessForbidden(resource.kind, namespace, error);
      if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
    }
  }
}
