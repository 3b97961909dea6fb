import type { Api } from "../api.ts";
import { timestamp } from "../api.ts";
import { admit, fieldValidationOf } from "../door/admit.ts";
import type { Admitted } from "../door/admit.ts";
import { candidateOf } from "../door/envelope.ts";
import type { Candidate } from "../door/envelope.ts";
import { parseBody } from "../http/body.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { alreadyExists, badRequest, forbidden, invalid, notFound } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { without } from "../object.ts";
import type { KubeObject } from "../object.ts";
import { objectAnswer } from "../view/answer.ts";
import { dryRun } from "./dry-run.ts";

const maxGenerateBase = 58;

/** POST to a collection. */
export async function create(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const { resource } = target;
  const candidate = candidateOf(resource, parseBody(request.body, request.contentType));
  const namespace = namespaceOf(target, candidate);
  requireNamespace(api, resource, namespace);
  const name = nameOf(api, target, { candidate, namespace });
  const { object, warnings } = admitNew(api, resource, { object: fresh(api, resource, { candidate, namespace, name }), request });
  if (api.store.get(resource.storage, namespace, name) !== undefined) throw alreadyExists(resource, name);
  if (dryRun(request)) return objectAnswer(api, request, target, { code: 201, object, warnings });
  const { json } = api.store.put(resource, object);
  await api.store.durable();
  return objectAnswer(api, request, target, { code: 201, json, warnings });
}

interface Named {
  readonly candidate: Candidate;
  readonly namespace: string;
}

function namespaceOf({ resource, namespace }: Target, candidate: Candidate): string {
  if (!resource.namespaced) return "";
  const said = candidate.metadata.namespace ?? "";
  if (namespace === "") throw badRequest("the namespace is missing from the path");
  if (said !== "" && said !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request (${said}, ${namespace})`);
  }
  return namespace;
}

/** The namespace must exist, and must not be on its way out. */
function requireNamespace(api: Api, resource: Resource, namespace: string): void {
  if (namespace === "") return;
  const kind = api.registry.find("", "v1", "namespaces");
  const entry = api.store.get("namespaces", "", namespace);
  if (entry === undefined && kind !== undefined) throw notFound(kind, namespace);
  if (entry?.deleting === true) {
    throw forbidden(resource, namespace, `unable to create new content in namespace ${namespace} because it is being terminated`);
  }
}

function nameOf(api: Api, { resource }: Target, { candidate, namespace }: Named): string {
  const { name = "", generateName = "" } = candidate.metadata;
  if (name !== "") return name;
  if (generateName === "") {
    const message = "Required value: name or generateName is required";
    throw invalid(resource, "", [{ reason: "FieldValueRequired", field: "metadata.name", message }]);
  }
  const base = generateName.slice(0, maxGenerateBase);
  for (let round = 0; round < 8; round += 1) {
    const made = `${base}${api.makeSuffix()}`;
    if (api.store.get(resource.storage, namespace, made) === undefined) return made;
  }
  throw alreadyExists(resource, base);
}

/** The candidate with what the server itself sets. */
function fresh(api: Api, resource: Resource, { candidate, namespace, name }: Named & { readonly name: string }): KubeObject {
  const sent = without(
    candidate.metadata,
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
    "managedFields",
    "generation",
    "resourceVersion",
  );
  const metadata = {
    ...sent,
    name,
    ...(namespace === "" ? {} : { namespace }),
    uid: api.makeUID(),
    resourceVersion: "",
    creationTimestamp: timestamp(api.clock()),
    ...(resource.hasGeneration ? { generation: 1 } : {}),
  };
  const body = resource.custom && resource.hasStatus ? without(candidate, "status") : candidate;
  const object: KubeObject = { ...body, apiVersion: String(candidate["apiVersion"]), kind: resource.kind, metadata };
  return resource.conversion?.toStored(object) ?? object;
}

function admitNew(api: Api, resource: Resource, input: { readonly object: KubeObject; readonly request: ApiRequest }): Admitted {
  const prepared = resource.rules.prepare?.(input.object) ?? input.object;
  return admit({ resource, object: prepared, old: undefined, fieldValidation: fieldValidationOf(input.request.query) });
}
