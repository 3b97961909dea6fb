import { badRequest } from "../http/status.ts";
import { isPlainObject } from "../object.ts";

/** The keys of a JSON pointer (RFC 6901). Throws a 400 for one that is no pointer. */
export function keysOf(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw badRequest(`json patch: the path "${pointer}" must be empty or begin with /`);
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value that a pointer names, or undefined. */
export function lookUp(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((node, key) => {
    if (Array.isArray(node)) return node[indexOf(key, node.length - 1) ?? -1];
    return isPlainObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }, value);
}

/** A list index, at most `most`, or undefined. */
export function indexOf(key: string, most: number): number | undefined {
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  return index >= 0 && index <= most ? index : undefined;
}
