import { group } from "@codybatch/crds";
import { ApiError } from "./errors.ts";
import type { Resource } from "./resource.ts";

/** What was asked for. */
export interface Asked {
  readonly verb: "list" | "keep";
  readonly resource: Resource;
  /** Undefined for all namespaces. */
  readonly namespace?: string | undefined;
}

const preparation = "applies the chart's part for the cluster (install=cluster, same name, namespace and watchNamespaces)";

/** What is not installed, and who does what about it, in plain words; undefined where the refusal says nothing about that. */
export function missingFor(error: unknown, { verb, resource, namespace }: Asked): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const kind = resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
  const where = namespace === undefined ? "all namespaces" : `namespace ${namespace}`;
  if (error.status === 404 && resource.group === group) {
    return `the CRDs are not installed, for the API server knows no ${kind}: an administrator installs the chart, or ${preparation}`;
  }
  if (error.status === 404 && namespace !== undefined) return `${where} does not exist: create it, or correct the operator's settings`;
  if (error.status !== 403) return undefined;
  return `the operator has no right to ${verb} ${kind} in ${where}: an administrator installs the chart, or ${preparation} and the release again`;
}
