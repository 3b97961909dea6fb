import type { Cause } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import type { KubeObject } from "../object.ts";

const labelPart = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const maxAnnotationBytes = 256 * 1024;

const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelWords =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

function invalidValue(field: string, value: string, words: string): Cause {
  return { reason: "FieldValueInvalid", field, message: `Invalid value: "${value}": ${words}` };
}

/** RoleBindings may have names such as `system:reader`. */
function nameCauses(resource: Resource, name: string): readonly Cause[] {
  const field = "metadata.name";
  if (resource.group === "rbac.authorization.k8s.io") {
    return /^\.{1,2}$|[/%]/.test(name) ? [invalidValue(field, name, "may not be '.', '..' or contain '/' or '%'")] : [];
  }
  if (resource.kind === "Namespace") {
    return name.length <= 63 && subdomain.test(name) && !name.includes(".") ? [] : [invalidValue(field, name, labelWords)];
  }
  if (name.length > 253) return [invalidValue(field, name, "must be no more than 253 characters")];
  return subdomain.test(name) ? [] : [invalidValue(field, name, subdomainWords)];
}

function isQualifiedName(key: string): boolean {
  const parts = key.split("/");
  const [prefix = "", name = ""] = parts.length === 1 ? ["", key] : parts;
  const prefixFits = parts.length === 1 || (prefix.length <= 253 && subdomain.test(prefix));
  return parts.length <= 2 && prefixFits && labelPart.test(name);
}

const keyWords =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function labelCauses(labels: Readonly<Record<string, string>>): readonly Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isQualifiedName(key) ? [] : [invalidValue("metadata.labels", key, keyWords)]),
    ...(value === "" || labelPart.test(value)
      ? []
      : [invalidValue("metadata.labels", value, value.length > 63 ? "must be no more than 63 characters" : valueWords)]),
  ]);
}

function annotationCauses(annotations: Readonly<Record<string, string>>): readonly Cause[] {
  const entries = Object.entries(annotations);
  const wrong = entries.filter(([key]) => !isQualifiedName(key.toLowerCase()));
  const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  const causes = wrong.map(([key]) => invalidValue("metadata.annotations", key, keyWords));
  if (size <= maxAnnotationBytes) return causes;
  const message = `Too long: may not be more than ${maxAnnotationBytes} bytes`;
  return [...causes, { reason: "FieldValueTooLong", field: "metadata.annotations", message }];
}

/** At most one owner may be the controller. */
function ownerCauses(object: KubeObject): readonly Cause[] {
  const controllers = (object.metadata.ownerReferences ?? []).filter((owner) => owner.controller === true);
  if (controllers.length <= 1) return [];
  const message = "Invalid value: Only one reference can have Controller set to true";
  return [{ reason: "FieldValueInvalid", field: "metadata.ownerReferences", message }];
}

/** Nobody new may hold back an object that is being deleted. */
export function finalizerCauses(object: KubeObject, old: KubeObject | undefined): readonly Cause[] {
  if (old?.metadata.deletionTimestamp === undefined) return [];
  const before = old.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((name) => !before.includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => `"${name}"`).join(", ");
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [{ reason: "FieldValueForbidden", field: "metadata.finalizers", message }];
}

/** What the API server demands of every object's metadata. */
export function metadataCauses(resource: Resource, object: KubeObject): readonly Cause[] {
  const { name, labels = {}, annotations = {} } = object.metadata;
  return [...nameCauses(resource, name), ...labelCauses(labels), ...annotationCauses(annotations), ...ownerCauses(object)];
}
