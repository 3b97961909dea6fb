import { equalJSON, isPlainObject, objectAt } from "../object.ts";
import type { KubeObject, PlainObject } from "../object.ts";
import { badRequest } from "../http/status.ts";
import type { Cause } from "../http/status.ts";
import type { Rules } from "../kinds/resource.ts";

/** The limit of the API server on keys' and values' bytes together. */
const maxBytes = 1024 * 1024;
const keyForm = /^[-._a-zA-Z0-9]{1,253}$/;
const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function cause(reason: string, field: string, message: string): Cause {
  return { reason, field, message };
}

function entriesOf(object: PlainObject, field: string): readonly [string, unknown][] {
  const value = object[field];
  return isPlainObject(value) ? Object.entries(value) : [];
}

function keyCauses(object: PlainObject, field: string): readonly Cause[] {
  const wrong = entriesOf(object, field).filter(([key]) => !keyForm.test(key) || key === "." || key === "..");
  const words =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  return wrong.map(([key]) => cause("FieldValueInvalid", `${field}[${key}]`, `Invalid value: "${key}": ${words}`));
}

/** Values of a wrong type never get as far as validation. Throws a 400. */
function decodeValues(object: KubeObject): KubeObject {
  const head = `ConfigMap in version "v1" cannot be handled as a ConfigMap`;
  const text = entriesOf(object, "data").find(([, value]) => typeof value !== "string");
  if (text !== undefined) throw badRequest(`${head}: data[${text[0]}] must be a string`);
  const binary = entriesOf(object, "binaryData").find(([, value]) => typeof value !== "string" || !base64Form.test(value));
  if (binary !== undefined) throw badRequest(`${head}: binaryData[${binary[0]}]: illegal base64 data`);
  return object;
}

function sizeOf(object: PlainObject): number {
  const data = entriesOf(object, "data").map(([key, value]) => key.length + Buffer.byteLength(String(value)));
  const binary = entriesOf(object, "binaryData").map(([key, value]) => key.length + Buffer.byteLength(String(value), "base64"));
  return [...data, ...binary].reduce((sum, size) => sum + size, 0);
}

function sizeCauses(object: PlainObject): readonly Cause[] {
  return sizeOf(object) > maxBytes ? [cause("FieldValueTooLong", "[]", `Too long: may not be more than ${maxBytes} bytes`)] : [];
}

function doubled(object: PlainObject): readonly Cause[] {
  const data = objectAt(object, "data");
  const twice = entriesOf(object, "binaryData").filter(([key]) => data[key] !== undefined);
  return twice.map(([key]) =>
    cause("FieldValueInvalid", `data[${key}]`, `Invalid value: "${key}": duplicate of key present in binaryData`),
  );
}

function immutableCauses(object: KubeObject, old: KubeObject | undefined): readonly Cause[] {
  if (old?.["immutable"] !== true) return [];
  const fields = ["data", "binaryData"].filter((field) => !equalJSON(object[field] ?? {}, old[field] ?? {}));
  const refused = object["immutable"] === true ? fields : ["immutable", ...fields];
  return refused.map((field) => cause("FieldValueForbidden", field, "Forbidden: field is immutable when `immutable` is set"));
}

export const configMapRules: Rules = {
  decode: decodeValues,
  check: (object, old) => [
    ...keyCauses(object, "data"),
    ...keyCauses(object, "binaryData"),
    ...doubled(object),
    ...sizeCauses(object),
    ...immutableCauses(object, old),
  ],
};
