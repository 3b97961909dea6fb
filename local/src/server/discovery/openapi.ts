import type { Registry } from "../kinds/registry.ts";
import { apiVersionOf } from "../kinds/resource.ts";
import type { Resource } from "../kinds/resource.ts";
import { objectAt } from "../object.ts";
import type { PlainObject } from "../object.ts";

function pathOf(resource: Resource): string {
  return resource.group === "" ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
}

/** Where the document of each group version is: the index of OpenAPI v3. */
export function openapiIndex(registry: Registry): PlainObject {
  const paths = [...new Set(registry.resources.map(pathOf))];
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])) };
}

/** The document of one group version, or undefined when it is not served. */
export function openapiDocument(registry: Registry, path: string): PlainObject | undefined {
  const resources = registry.resources.filter((resource) => pathOf(resource) === path);
  if (resources.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Cody Batch embedded API server", version: "v1" },
    paths: Object.fromEntries(resources.flatMap(pathsOf)),
    components: {
      schemas: { [metaName]: objectMeta, ...Object.fromEntries(resources.map((resource) => [schemaName(resource), schemaOf(resource)])) },
    },
  };
}

function schemaName({ group, version, kind }: Resource): string {
  return [...group.split(".").toReversed(), version, kind].filter((part) => part !== "").join(".");
}

function kindOf({ group, version, kind }: Resource): PlainObject {
  return { group, version, kind };
}

const metaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const textMap = { type: "object", additionalProperties: { type: "string" } };
const objectMeta: PlainObject = {
  type: "object",
  description: "Name, namespace, labels and what the server itself keeps of an object.",
  properties: {
    name: { type: "string", description: "Unique in the namespace." },
    generateName: { type: "string", description: "Beginning of a name that the server completes." },
    namespace: { type: "string", description: "Where the object lies." },
    labels: { ...textMap, description: "Short values to select objects by." },
    annotations: { ...textMap, description: "Any text that tools attach." },
    finalizers: { type: "array", items: { type: "string" }, description: "Who must let go before a deleted object is removed." },
    ownerReferences: { type: "array", items: { type: "object" }, description: "Objects with which this one goes." },
    uid: { type: "string", description: "Tells an object from a later one of the same name." },
    resourceVersion: { type: "string", description: "Changes with every write." },
    generation: { type: "integer", description: "Changes with every change of what is wanted." },
    creationTimestamp: { type: "string", format: "date-time", description: "When it was made." },
    deletionTimestamp: { type: "string", format: "date-time", description: "When its deletion was asked for." },
  },
};

/** Built-in kinds are stored as they come; their documentation is Kubernetes' own. */
function builtinSchema({ kind, hasStatus }: Resource): PlainObject {
  const any = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const properties =
    kind === "ConfigMap"
      ? { data: textMap, binaryData: textMap, immutable: { type: "boolean" } }
      : hasStatus
        ? { spec: any, status: any }
        : {};
  return { type: "object", description: `${kind} of Kubernetes; see its documentation.`, properties };
}

function schemaOf(resource: Resource): PlainObject {
  const schema = resource.schema ?? builtinSchema(resource);
  const head = { apiVersion: { type: "string" }, kind: { type: "string" } };
  const metadata = { allOf: [{ $ref: `#/components/schemas/${metaName}` }], description: "Standard metadata." };
  const properties = { ...head, ...objectAt(schema, "properties"), metadata };
  return { ...schema, properties, "x-kubernetes-group-version-kind": [kindOf(resource)] };
}

const fieldValidation = { name: "fieldValidation", in: "query", schema: { type: "string", uniqueItems: true } };
const dryRun = { name: "dryRun", in: "query", schema: { type: "string", uniqueItems: true } };

/** The operations in which kubectl looks for what a server can do. */
function pathsOf(resource: Resource): readonly (readonly [string, PlainObject])[] {
  const base = `/${pathOf(resource)}${resource.namespaced ? "/namespaces/{namespace}" : ""}/${resource.plural}`;
  const json = { "application/json": { schema: { $ref: `#/components/schemas/${schemaName(resource)}` } } };
  const operation = (action: string): PlainObject => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kindOf(resource),
    parameters: [dryRun, fieldValidation],
    responses: { "200": { description: "OK", content: json } },
  });
  const patch = {
    ...operation("patch"),
    requestBody: { content: { "application/merge-patch+json": {}, "application/json-patch+json": {} } },
  };
  return [
    [base, { get: operation("list"), post: operation("post") }],
    [`${base}/{name}`, { get: operation("get"), put: operation("put"), patch, delete: operation("delete") }],
  ];
}
