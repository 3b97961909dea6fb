import { stringify } from "yaml";

const name = "cody-batch";

/** A kubeconfig with which kubectl talks to the server, in the namespace `default`. */
export function kubeconfigFor(url: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: url } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
    preferences: {},
  });
}
