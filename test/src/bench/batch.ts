import { apiVersion } from "@codybatch/crds";

/** A BatchChange in the namespace `default`; publish.policy Never. */
export function batchManifest(name: string, urls: readonly string[], parallelism: number): object {
  const repositories = urls.map((url) => ({ url, branch: "main" }));
  const spec = { prompt: "Add maintenance notes.", repositories, parallelism, publish: { policy: "Never" }, agent: { maxCostUSD: "0.50" } };
  return { apiVersion, kind: "BatchChange", metadata: { name }, spec };
}
