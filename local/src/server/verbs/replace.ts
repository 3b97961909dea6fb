import type { Api } from "../api.ts";
import { admit, fieldValidationOf } from "../door/admit.ts";
import { candidateOf } from "../door/envelope.ts";
import type { Candidate } from "../door/envelope.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { badRequest, conflict, invalid, notFound } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { equalJSON, without } from "../object.ts";
import type { KubeObject, ObjectMeta, PlainObject } from "../object.ts";
import type { Entry } from "../store/entry.ts";
import { objectAnswer } from "../view/answer.ts";
import { dryRun } from "./dry-run.ts";
import { removable } from "./finalize.ts";

/** The present state of the object that a request names. Throws a 404. */
export function present(api: Api, target: Target): Entry {
  const { resource, namespace, name = "" } = target;
  const entry = api.store.get(resource.storage, namespace, name);
  if (entry === undefined) throw notFound(resource, name);
  return entry;
}

interface Replacement {
  readonly entry: Entry;
  readonly old: KubeObject;
  readonly body: unknown;
}

const modified = "the object has been modified; please apply your changes to the latest version and try again";

/** Stores a new version of an object: the end of PUT and of every patch. */
export async function replace(api: Api, request: ApiRequest, target: Target, { entry, old, body }: Replacement): Promise<Answer> {
  const { resource } = target;
  const candidate = candidateOf(resource, body);
  checkIdentity(target, candidate);
  checkVersion(target, candidate, old);
  const next = merged(resource, target.subresource, { candidate, old });
  const { object, warnings } = admit({ resource, object: next, old, fieldValidation: fieldValidationOf(request.query) });
  const counted = withGeneration(resource, object, old);
  if (dryRun(request)) return objectAnswer(api, request, target, { code: 200, object: counted, warnings });
  const json = save(api, resource, { entry, old, object: counted });
  await api.store.durable();
  return objectAnswer(api, request, target, { code: 200, json, warnings });
}

function checkIdentity({ resource, namespace, name = "" }: Target, { metadata }: Candidate): void {
  if (metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (resource.namespaced && metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the URL (${namespace})`);
  }
}

function checkVersion({ resource, name = "" }: Target, { metadata }: Candidate, old: KubeObject): void {
  const { uid = old.metadata.uid, resourceVersion = "" } = metadata;
  if (uid !== "" && uid !== old.metadata.uid) {
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`);
  }
  if (resourceVersion === "" && resource.custom) {
    const message = "Invalid value: 0: must be specified for an update";
    throw invalid(resource, name, [{ reason: "FieldValueInvalid", field: "metadata.resourceVersion", message }]);
  }
  if (resourceVersion !== "" && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name, modified);
}

interface Versions {
  readonly candidate: Candidate;
  readonly old: KubeObject;
}

/** Each door writes its own part: the main one all but status, /status only status. */
function merged(resource: Resource, subresource: string | undefined, { candidate, old }: Versions): KubeObject {
  const stored = storedForm(resource, { candidate, old });
  if (subresource === "status")
    return { ...without(old, "status"), ...statusOf(stored), apiVersion: old.apiVersion, kind: old.kind, metadata: old.metadata };
  const body = resource.hasStatus ? { ...without(stored, "status"), ...statusOf(old) } : stored;
  return { ...body, apiVersion: old.apiVersion, kind: old.kind, metadata: stored.metadata };
}

function statusOf(object: KubeObject): PlainObject {
  return object["status"] === undefined ? {} : { status: object["status"] };
}

const kept = [
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

function storedForm(resource: Resource, { candidate, old }: Versions): KubeObject {
  const sent = without(candidate.metadata, ...kept, "managedFields", "selfLink");
  const system = Object.fromEntries(kept.filter((key) => old.metadata[key] !== undefined).map((key) => [key, old.metadata[key]]));
  const { name, uid, resourceVersion, creationTimestamp } = old.metadata;
  const metadata: ObjectMeta = { ...system, name, uid, resourceVersion, creationTimestamp, ...sent };
  const object: KubeObject = { ...candidate, apiVersion: String(candidate["apiVersion"]), kind: resource.kind, metadata };
  return resource.conversion?.toStored(object) ?? object;
}

/** Counts a change of anything but metadata and status. */
function withGeneration(resource: Resource, object: KubeObject, old: KubeObject): KubeObject {
  if (!resource.hasGeneration) return object;
  const same = equalJSON(without(object, "metadata", "status"), without(old, "metadata", "status"));
  const generation = (old.metadata.generation ?? 0) + (same ? 0 : 1);
  return { ...object, metadata: { ...object.metadata, generation } };
}

/** A write that changes nothing is no write; the last finalizer taken off a deleted object removes it. */
function save(
  api: Api,
  resource: Resource,
  { entry, old, object }: { readonly entry: Entry; readonly old: KubeObject; readonly object: KubeObject },
): string {
  if (removable(object)) return api.store.remove(resource, entry, object).json;
  if (equalJSON(object, old)) return entry.json;
  return api.store.put(resource, object).json;
}
