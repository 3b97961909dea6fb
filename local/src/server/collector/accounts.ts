import type { Api } from "../api.ts";
import { timestamp } from "../api.ts";

const accountName = "default";

/** Gives every namespace its ServiceAccount `default`, as the controller manager does. */
export function keepDefaultAccounts(api: Api): void {
  for (const namespace of api.store.all("namespaces")) makeAccount(api, namespace.name);
  api.store.onChange(({ type, entry }) => {
    if (type === "ADDED" && entry.storage === "namespaces") setImmediate(() => makeAccount(api, entry.name));
  });
}

function makeAccount(api: Api, namespace: string): void {
  const resource = api.registry.stored("serviceaccounts");
  const present = api.store.get("namespaces", "", namespace);
  if (resource === undefined || present === undefined || present.deleting) return;
  if (api.store.get("serviceaccounts", namespace, accountName) !== undefined) return;
  const metadata = { name: accountName, namespace, uid: api.makeUID(), resourceVersion: "", creationTimestamp: timestamp(api.clock()) };
  api.store.put(resource, { apiVersion: "v1", kind: "ServiceAccount", metadata });
}
