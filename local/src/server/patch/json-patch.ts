import { z } from "zod";
import { StatusError, badRequest } from "../http/status.ts";
import { equalJSON, isPlainObject } from "../object.ts";
import { define } from "./merge-patch.ts";
import { indexOf, keysOf, lookUp } from "./pointer.ts";

const Operation = z.discriminatedUnion("op", [
  z.looseObject({ op: z.enum(["add", "replace", "test"]), path: z.string(), value: z.unknown() }),
  z.looseObject({ op: z.literal("remove"), path: z.string() }),
  z.looseObject({ op: z.enum(["move", "copy"]), path: z.string(), from: z.string() }),
]);
type Operation = z.infer<typeof Operation>;

const maxOperations = 10_000;

/** RFC 6902, but what is not there may be replaced and removed, as at the API server. Throws a 400 for a document that is no patch, a 422 for one that does not fit the object. */
export function jsonPatch(target: unknown, document: unknown): unknown {
  const parsed = z.array(Operation).max(maxOperations).safeParse(document);
  if (!parsed.success) throw badRequest(`json patch cannot be read: ${z.prettifyError(parsed.error)}`);
  return parsed.data.reduce(applyOne, target);
}

function applyOne(target: unknown, operation: Operation): unknown {
  const keys = keysOf(operation.path);
  switch (operation.op) {
    case "add":
      return added(target, keys, operation.value);
    case "remove":
      return removed(target, keys);
    case "replace":
      return lookUp(target, keys) === undefined
        ? added(target, keys, operation.value)
        : added(removed(target, keys), keys, operation.value);
    case "copy":
      return added(target, keys, found(target, operation.from));
    case "move":
      return added(removed(target, keysOf(operation.from)), keys, found(target, operation.from));
    case "test":
      if (!equalJSON(lookUp(target, keys), operation.value)) throw misfit(`testing value ${operation.path} failed`);
      return target;
  }
}

function misfit(message: string): StatusError {
  return new StatusError({
    code: 422,
    reason: "Invalid",
    message: `the server rejected our request due to an error in our request: ${message}`,
  });
}

function found(target: unknown, pointer: string): unknown {
  const value = lookUp(target, keysOf(pointer));
  if (value === undefined) throw misfit(`path ${pointer} does not exist`);
  return value;
}

/** A copy of the parts on the way, with something done at the end. */
function changed(target: unknown, keys: readonly string[], change: (parent: unknown, key: string) => unknown): unknown {
  const [key = "", ...rest] = keys;
  if (rest.length === 0) return change(target, key);
  const child = lookUp(target, [key]);
  if (child === undefined) throw misfit(`path part "${key}" does not exist`);
  return withChild(target, key, changed(child, rest, change));
}

function withChild(parent: unknown, key: string, child: unknown): unknown {
  if (Array.isArray(parent)) return parent.with(Number(key), child);
  const copy: Record<string, unknown> = isPlainObject(parent) ? { ...parent } : {};
  define(copy, key, child);
  return copy;
}

function added(target: unknown, keys: readonly string[], value: unknown): unknown {
  if (keys.length === 0) return value;
  return changed(target, keys, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(key === "-" ? parent.length : listIndex(key, parent.length), 0, value);
    if (!isPlainObject(parent)) throw misfit(`"${key}" cannot be added to a plain value`);
    return withChild(parent, key, value);
  });
}

function removed(target: unknown, keys: readonly string[]): unknown {
  if (keys.length === 0) return undefined;
  return changed(target, keys, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(listIndex(key, parent.length - 1), 1);
    if (!isPlainObject(parent)) throw misfit(`"${key}" cannot be removed from a plain value`);
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key));
  });
}

function listIndex(key: string, most: number): number {
  const index = indexOf(key, most);
  if (index === undefined) throw misfit(`"${key}" is no index of the list`);
  return index;
}
