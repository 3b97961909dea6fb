import { RepositoryURL, type BatchChange, type Changeset } from "@codybatch/crds";
import type { Client } from "../cluster/client.ts";
import { resources } from "../cluster/resource.ts";
import { needsAnswer, type Answer } from "../reconcile/discover/answer.ts";
import { taskResultOf } from "./payloads.ts";

/** Batches between their search and their last Changeset; more of them are only read again. */
const mostKept = 50;

/** What searches have found, each read once: a stored answer never changes. Kept only until every found repository has its Changeset. */
export class Answers {
  readonly #client: Client;
  readonly #byBatch = new Map<string, { readonly ref: string; readonly answer: Answer }>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The answer that status names, read live; undefined where nobody needs it. */
  async of(batch: BatchChange, changesets: readonly Changeset[]): Promise<Answer | undefined> {
    const { uid } = batch.metadata;
    const ref = batch.status?.discovery?.ref;
    if (ref === undefined || !needsAnswer(batch, changesets)) {
      this.#byBatch.delete(uid);
      return undefined;
    }
    const known = this.#byBatch.get(uid);
    if (known?.ref === ref) return known.answer;
    const answer = await this.#read(batch, ref);
    if (this.#byBatch.size >= mostKept) this.#byBatch.clear();
    if (answer.kind === "Known") this.#byBatch.set(uid, { ref, answer });
    return answer;
  }

  async #read({ metadata: { namespace, name, uid } }: BatchChange, ref: string): Promise<Answer> {
    const found = ref.startsWith(`${name}-discover-`) ? await this.#client.get(resources.configMaps, namespace, ref) : undefined;
    if (found?.metadata.ownerReferences?.some((owner) => owner.uid === uid) !== true) return { kind: "Gone" };
    const outcome = taskResultOf(found).value?.outcome;
    // Whoever may write ConfigMaps could have put something else there.
    const isSound = outcome?.kind === "Discovered" && outcome.repositories.every(({ url }) => RepositoryURL.safeParse(url).success);
    if (!isSound) return { kind: "Gone" };
    return { kind: "Known", repositories: outcome.repositories.map(({ url, name: repository }) => ({ url, name: repository })) };
  }
}
