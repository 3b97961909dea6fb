import { randomUUID } from "node:crypto";
import type { BatchChange, Changeset } from "@codybatch/crds";
import { loadConfig, resources } from "@codybatch/operator";
import type { Resource } from "@codybatch/operator";
import { slimMetadata } from "../../../../operator/src/cluster/object.ts";
import { collectionPath, objectPath } from "../../../../operator/src/cluster/resource.ts";
import {
  changesetManifest,
  promptManifest,
  recorderAccountManifest,
  recorderBindingManifest,
} from "../../../../operator/src/control/manifests.ts";
import { plan } from "../../../../operator/src/reconcile/plan.ts";
import { slimBatch, slimChangeset } from "../../../../operator/src/reconcile/slim-kinds.ts";
import { observedOf } from "../../../../operator/src/reconcile/testing/build.ts";
import { inFlight } from "../in-flight.ts";
import type { BareClient } from "./bare-client.ts";
import { limitsEnv } from "./batches.ts";

const { limits, settings } = loadConfig({ ...limitsEnv, CODYBATCH_API_URL: "http://127.0.0.1" });

/** Status writes that the operator made on the way, so that the bare client makes as many. */
export interface StatusWrites {
  readonly batches: number;
  readonly changesets: number;
}

interface Write {
  readonly method: "POST" | "PATCH";
  readonly path: string;
  readonly body: string;
}

/** Writes what the operator writes for these batches, byte for byte, with so many requests under way. What they say is computed while the clock stands. */
export class BareApply {
  readonly #client: BareClient;
  readonly #namespace: string;
  readonly #most: number;
  /** Milliseconds of requests so far. */
  elapsed = 0;

  constructor(client: BareClient, namespace: string, most: number) {
    [this.#client, this.#namespace, this.#most] = [client, namespace, most];
  }

  async apply(manifests: readonly object[], statuses: StatusWrites): Promise<void> {
    const access = [
      this.#post(resources.serviceAccounts, recorderAccountManifest(this.#namespace)),
      this.#post(resources.roleBindings, recorderBindingManifest(this.#namespace)),
    ];
    const posts = manifests.map((manifest) => this.#post(resources.batchChanges, manifest));
    const batches = (await this.#send([...posts, ...access])).slice(0, manifests.length).map(batchIn);
    const made = await this.#send(batches.flatMap((batch) => this.#owned(batch)));
    const changesets = made.flatMap((text) => changesetIn(text) ?? []);
    await this.#send(repeat(statuses.batches, batches, (batch) => this.#patchBatch(batch)));
    await this.#send(batches.flatMap((batch) => this.#jobs(batch, changesets)));
    await this.#send(repeat(statuses.changesets, changesets, (changeset) => this.#patchChangeset(changeset)));
  }

  #post(resource: Resource, manifest: object): Write {
    return { method: "POST", path: collectionPath(resource, this.#namespace), body: JSON.stringify(manifest) };
  }

  #owned(batch: BatchChange): readonly Write[] {
    return plan(observationOf(batch, [])).flatMap((wish) => {
      if (wish.kind === "CreatePrompt") return [this.#post(resources.configMaps, promptManifest(wish))];
      return wish.kind === "CreateChangeset" ? [this.#post(resources.changesets, changesetManifest(wish))] : [];
    });
  }

  #jobs(batch: BatchChange, changesets: readonly Changeset[]): readonly Write[] {
    const own = changesets.filter(({ spec }) => spec.batchChange === batch.metadata.name);
    return plan(observationOf(batch, own)).flatMap((wish) =>
      wish.kind === "Start" ? [this.#post(resources.jobs, wish.job.manifest)] : [],
    );
  }

  #patchBatch(batch: BatchChange): Write {
    const status = plan(observationOf(batch, [])).flatMap((wish) => (wish.kind === "PatchBatchStatus" ? [wish.status] : []))[0];
    return this.#patch(resources.batchChanges, batch, { ...status, progress: `0/${randomUUID().slice(0, 4)}` });
  }

  #patchChangeset(changeset: Changeset): Write {
    const message = `The pod is being started: ${randomUUID()}.`;
    return this.#patch(resources.changesets, changeset, {
      observedGeneration: 1,
      phase: "Pending",
      reason: "Starting",
      message,
      attempt: 0,
    });
  }

  #patch(resource: Resource, { metadata }: BatchChange | Changeset, status: object): Write {
    const path = `${objectPath(resource, this.#namespace, metadata.name)}/status`;
    return { method: "PATCH", path, body: JSON.stringify({ status }) };
  }

  /** The answers in the order of the writes. */
  async #send(writes: readonly Write[]): Promise<readonly string[]> {
    const answers = writes.map(() => "");
    const startedAt = performance.now();
    await inFlight(writes, this.#most, async ({ method, path, body }, index) => {
      answers[index] = await this.#client.send(method, path, body);
    });
    this.elapsed += performance.now() - startedAt;
    return answers;
  }
}

function observationOf(batch: BatchChange, changesets: readonly Changeset[]) {
  const text = batch.spec.prompt ?? "";
  return observedOf({ batch, changesets, prompt: { kind: "Known", hash: "0123456789", text }, limits, settings, now: new Date() });
}

function batchIn(text: string): BatchChange {
  const raw: unknown = JSON.parse(text);
  const { batch } = slimBatch(raw, slimMetadata(raw));
  if (batch === undefined) throw new Error(`the API server made something else of a BatchChange: ${text}`);
  return batch;
}

/** Undefined for a prompt. */
function changesetIn(text: string): Changeset | undefined {
  const raw: unknown = JSON.parse(text);
  return slimChangeset(raw, slimMetadata(raw));
}

function repeat<T>(count: number, items: readonly T[], write: (item: T) => Write): readonly Write[] {
  return Array.from({ length: count }, (_, index) => write(items[index % items.length] as T));
}
