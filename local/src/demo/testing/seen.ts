import type { BatchChangeStatus, ChangesetStatus } from "@codybatch/crds";
import { BatchChangeSpec, Repository } from "@codybatch/crds";
import type { Batch, Change } from "../cluster.ts";
import type { Seen } from "../view.ts";

const metadata = { namespace: "default", uid: "u", generation: 1, labels: {} };

export function batch(name: string, status: BatchChangeStatus = {}, spec: object = {}): Batch {
  return {
    metadata: { ...metadata, name },
    spec: BatchChangeSpec.parse({ prompt: "p", ...spec }),
    status: { observedGeneration: 1, ...status },
  };
}

export function change(of: string, repository: string, status: ChangesetStatus = {}): Change {
  const place = Repository.parse({ url: `https://github.com/${repository}` });
  return {
    metadata: { ...metadata, name: `${of}-${repository.replace("/", "-")}` },
    spec: { batchChange: of, repository: { ...place, name: repository }, attempt: 0, retryGeneration: 0 },
    status,
  };
}

export function seen(batches: readonly Batch[], changes: readonly Change[]): Seen {
  return { batches, changes, progress: new Map() };
}

export const usage = { input: 10, output: 20, cacheRead: 30, cacheWrite: 40, costUSD: "0.0123" };
