import { expect, it } from "vitest";
import { ApiError, ConnectionError } from "./errors.ts";
import { missingFor, type Asked } from "./missing.ts";
import { resources } from "./resource.ts";

const refused = (status: number): ApiError => new ApiError({ status, reason: "", message: "in the server's words" });
const { batchChanges, configMaps, leases, jobs } = resources;
const prepared = "applies the chart's part for the cluster (install=cluster, same name, namespace and watchNamespaces)";

it.each<[string, unknown, Asked, string | undefined]>([
  [
    "the CRDs",
    refused(404),
    { verb: "list", resource: batchChanges },
    `the CRDs are not installed, for the API server knows no batchchanges.codybatch.dev: an administrator installs the chart, or ${prepared}`,
  ],
  [
    "a right",
    refused(403),
    { verb: "list", resource: configMaps, namespace: "team-a" },
    `the operator has no right to list configmaps in namespace team-a: an administrator installs the chart, or ${prepared} and the release again`,
  ],
  [
    "a right for the whole cluster",
    refused(403),
    { verb: "list", resource: jobs },
    `the operator has no right to list jobs.batch in all namespaces: an administrator installs the chart, or ${prepared} and the release again`,
  ],
  [
    "the operator's own namespace",
    refused(404),
    { verb: "keep", resource: leases, namespace: "codybatch-system" },
    "namespace codybatch-system does not exist: create it, or correct the operator's settings",
  ],
  ["nothing, when the server fails", refused(500), { verb: "list", resource: jobs }, undefined],
  ["nothing, when a race was lost", refused(409), { verb: "keep", resource: leases, namespace: "a" }, undefined],
  ["nothing, when no answer came", new ConnectionError("no"), { verb: "list", resource: jobs }, undefined],
])("names %s", (_, error, asked, words) => {
  expect(missingFor(error, asked)).toBe(words);
});
