import type { BatchDetail, BatchList, RepositoryDetail, RepositoryList, StreamMessage } from "@codybatch/dashboard-contract";
import type { QueryClient } from "@tanstack/react-query";

type Row<K extends "batch" | "repository"> = Extract<StreamMessage, { readonly kind: K }>;

/** Puts what the stream says into what is on screen; what a row cannot say is asked for anew. */
export function apply(queries: QueryClient, message: StreamMessage): void {
  switch (message.kind) {
    case "snapshot":
      return message.resumed ? undefined : ask(queries, message.topic);
    case "batch":
      return putBatch(queries, message);
    case "repository":
      return putRepository(queries, message);
    case "gone":
    case "refused":
      return ask(queries, message.topic);
    case "transcript":
      return ask(queries, message.topic);
    case "health":
    case "end":
      return undefined;
  }
}

function putBatch(queries: QueryClient, { row }: Row<"batch">): void {
  const isSame = (other: { readonly namespace: string; readonly name: string }): boolean =>
    other.namespace === row.namespace && other.name === row.name;
  let isListed = false;
  queries.setQueriesData<BatchList>({ queryKey: ["batches"] }, (list) => {
    if (list === undefined || !list.items.some(isSame)) return list;
    isListed = true;
    return { ...list, items: list.items.map((item) => (isSame(item) ? row : item)) };
  });
  if (!isListed) again(queries, ["batches"]);
  for (const route of ["failures", "usage"]) again(queries, [route]);
  queries.setQueriesData<BatchDetail>({ queryKey: ["batch"] }, (detail) => (detail && isSame(detail.row) ? { ...detail, row } : detail));
  for (const route of ["batch", "burndown", "batchUsage"]) again(queries, [route, { namespace: row.namespace, name: row.name }]);
}

function putRepository(queries: QueryClient, { topic, row, namespace, batchChange }: Row<"repository">): void {
  const batch = { namespace, name: batchChange };
  queries.setQueriesData<RepositoryList>({ queryKey: ["repositories", batch] }, (list) =>
    list === undefined ? list : { ...list, items: list.items.map((item) => (item.changeset === row.changeset ? row : item)) },
  );
  again(queries, ["repositories", batch]);
  queries.setQueriesData<RepositoryDetail>({ queryKey: ["repository", { ...batch, changeset: row.changeset }] }, (detail) =>
    detail === undefined ? detail : { ...detail, row, phase: row.phase },
  );
  again(queries, ["repository", { ...batch, changeset: row.changeset }]);
  // A run that ended says nothing more of its transcript, though its last lines may not have been heard.
  again(queries, ["transcriptTail", topic]);
}

/** All that a topic is about, asked for anew. */
function ask(queries: QueryClient, topic: string): void {
  const [kind = "", name = ""] = topic.split(":");
  const [namespace = "", object = ""] = name.split("/");
  if (kind === "batches") {
    for (const route of ["batches", "failures", "usage"]) again(queries, [route]);
    return;
  }
  if (kind === "batch") {
    for (const route of ["batch", "repositories", "burndown", "batchUsage"]) again(queries, [route, { namespace, name: object }]);
    return;
  }
  for (const route of ["repository", "patchFiles"]) again(queries, [route, { namespace, changeset: object }]);
  again(queries, ["transcriptTail", topic]);
}

const waiting = new WeakMap<QueryClient, Set<string>>();
const patience = 1000;

/** Asks anew what is on screen, at most once a second for each key, however much is heard. */
function again(queries: QueryClient, queryKey: readonly unknown[]): void {
  const keys = waiting.get(queries) ?? new Set();
  waiting.set(queries, keys);
  const key = JSON.stringify(queryKey);
  if (keys.has(key)) return;
  keys.add(key);
  setTimeout(() => {
    keys.delete(key);
    void queries.invalidateQueries({ queryKey });
  }, patience);
}
