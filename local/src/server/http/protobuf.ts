import { unsupportedMediaType } from "./status.ts";
import type { PlainObject } from "../object.ts";
import { messages } from "./protobuf-messages.ts";
import type { Field, Message } from "./protobuf-messages.ts";

/** What every protobuf body of Kubernetes begins with. */
const magic = Buffer.from("k8s\0");

/** Reads the few messages that kubectl sends as protobuf and not as JSON. Throws a 415 that says what to do for any other. */
export function parseProtobuf(body: Buffer): PlainObject {
  if (!body.subarray(0, magic.length).equals(magic)) throw unreadable("the body does not begin as Kubernetes' protobuf does");
  const { typeMeta, raw } = outer(body.subarray(magic.length));
  const message = messages[`${typeMeta["apiVersion"]}/${typeMeta["kind"]}`];
  if (message === undefined) throw unreadable(`there is no table for ${typeMeta["apiVersion"]} ${typeMeta["kind"]}`);
  return { ...typeMeta, ...read(raw, message) };
}

function unreadable(why: string): Error {
  return unsupportedMediaType(
    `this server reads JSON and YAML; ${why}. With kubectl create add --dry-run=client -o yaml and pipe it into kubectl apply -f -`,
  );
}

interface Outer {
  readonly typeMeta: { readonly apiVersion: string; readonly kind: string };
  readonly raw: Buffer;
}

function outer(bytes: Buffer): Outer {
  const fields = [...fieldsOf(bytes)];
  const part = (number: number): Buffer => payload(fields.find((field) => field.number === number)?.value);
  const names = [...fieldsOf(part(1))].map((field) => payload(field.value).toString());
  return { typeMeta: { apiVersion: names[0] ?? "", kind: names[1] ?? "" }, raw: part(2) };
}

interface Wire {
  readonly number: number;
  readonly value: Buffer | number;
}

function payload(value: Buffer | number | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** The fields of a message: numbers and bytes; nothing that Kubernetes sends here has another wire type. */
function* fieldsOf(bytes: Buffer): Generator<Wire> {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw unreadable("the body ends in the middle of a number");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 0) yield { number: tag >>> 3, value: varint() };
    else if ((tag & 7) === 2) {
      const end = varint() + at;
      if (end > bytes.length || end < at) throw unreadable("the body ends in the middle of a field");
      yield { number: tag >>> 3, value: bytes.subarray(at, end) };
      at = end;
    } else throw unreadable("the body has a field of an unknown type");
  }
}

function read(bytes: Buffer, message: Message): PlainObject {
  const object: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number];
    if (field !== undefined) put(object, field, value);
  }
  return object;
}

function put(object: Record<string, unknown>, field: Field, value: Buffer | number): void {
  const { name } = field;
  const before = object[name];
  const decoded = decodedValue(field, value);
  if (field.type === "texts") object[name] = [...(Array.isArray(before) ? before : []), decoded];
  else if (field.type === "textMap" || field.type === "bytesMap")
    object[name] = { ...(typeof before === "object" ? before : {}), ...mapEntry(field.type, payload(value)) };
  // An empty text is an absent one.
  else if (decoded !== "") object[name] = decoded;
}

function decodedValue(field: Field, value: Buffer | number): unknown {
  if (typeof value === "number") return field.type === "boolean" ? value !== 0 : value;
  return field.message === undefined ? value.toString() : read(value, field.message);
}

function mapEntry(type: "textMap" | "bytesMap", bytes: Buffer): PlainObject {
  const parts = [...fieldsOf(bytes)];
  const part = (number: number): Buffer => payload(parts.find((field) => field.number === number)?.value);
  return { [part(1).toString()]: part(2).toString(type === "bytesMap" ? "base64" : "utf8") };
}
