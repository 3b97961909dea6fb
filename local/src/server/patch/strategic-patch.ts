import { equalJSON, isPlainObject } from "../object.ts";
import type { PlainObject } from "../object.ts";
import { define } from "./merge-patch.ts";

/** Lists of the built-in kinds that merge by a key, by the list's name; every other list is replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  conditions: "type",
  containers: "name",
  env: "name",
  ephemeralContainers: "name",
  imagePullSecrets: "name",
  initContainers: "name",
  ownerReferences: "uid",
  ports: "containerPort",
  secrets: "name",
  volumeMounts: "mountPath",
  volumes: "name",
};
/** Lists of plain values that merge as sets. */
const sets: ReadonlySet<string> = new Set(["finalizers"]);

const directive = /^\$(patch|retainKeys|setElementOrder\/.*|deleteFromPrimitiveList\/.*)$/;

/** A strategic merge patch of a built-in kind, with the directives that kubectl writes. */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  return merged(target, patch, "");
}

function merged(target: unknown, patch: unknown, name: string): unknown {
  if (Array.isArray(patch)) return mergedList(Array.isArray(target) ? target : [], patch, name);
  if (!isPlainObject(patch)) return patch;
  const old = isPlainObject(target) ? target : {};
  return patch["$patch"] === "replace" ? plain(patch) : mergedObject(retained(old, patch), patch);
}

/** A patch without its directives, as it is when there is nothing to merge it with. */
function plain(patch: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(patch).filter(([key, value]) => !directive.test(key) && value !== null));
}

function retained(old: PlainObject, patch: PlainObject): PlainObject {
  const keys = patch["$retainKeys"];
  return Array.isArray(keys) ? Object.fromEntries(Object.entries(old).filter(([key]) => keys.includes(key))) : old;
}

function mergedObject(old: PlainObject, patch: PlainObject): PlainObject {
  const result: Record<string, unknown> = { ...old };
  for (const [key, value] of Object.entries(patch)) {
    if (directive.test(key)) continue;
    if (value === null || (isPlainObject(value) && value["$patch"] === "delete")) delete result[key];
    else define(result, key, merged(result[key], value, key));
  }
  for (const [key, value] of Object.entries(patch)) applyListDirective(result, key, value);
  return result;
}

function applyListDirective(result: Record<string, unknown>, key: string, value: unknown): void {
  const [kind, name = ""] = key.split("/", 2);
  const list = result[name];
  if (!Array.isArray(list) || !Array.isArray(value)) return;
  if (kind === "$deleteFromPrimitiveList") result[name] = list.filter((item) => !value.includes(item));
  if (kind === "$setElementOrder") result[name] = ordered(list, value, name);
}

/** Items in the wished order; those not named stay behind. */
function ordered(list: readonly unknown[], order: readonly unknown[], name: string): readonly unknown[] {
  const key = mergeKeys[name];
  const identity = (item: unknown): unknown => (key !== undefined && isPlainObject(item) ? item[key] : item);
  const wished = order.map(identity);
  const rank = (item: unknown): number => {
    const index = wished.findIndex((wish) => equalJSON(wish, identity(item)));
    return index === -1 ? wished.length : index;
  };
  return list.toSorted((a, b) => rank(a) - rank(b));
}

function mergedList(old: readonly unknown[], patch: readonly unknown[], name: string): readonly unknown[] {
  if (sets.has(name)) return [...new Set([...old, ...patch])];
  const key = mergeKeys[name];
  const replaces = patch.some((item) => isPlainObject(item) && item["$patch"] === "replace");
  if (key === undefined || replaces) return patch.filter((item) => !isPlainObject(item) || item["$patch"] !== "replace");
  return patch.reduce<readonly unknown[]>((list, item) => mergedItem(list, item, key), old);
}

function mergedItem(list: readonly unknown[], item: unknown, key: string): readonly unknown[] {
  if (!isPlainObject(item)) return [...list, item];
  const index = list.findIndex((other) => isPlainObject(other) && equalJSON(other[key], item[key]));
  if (item["$patch"] === "delete") return index === -1 ? list : list.toSpliced(index, 1);
  return index === -1 ? [...list, plain(item)] : list.with(index, merged(list[index], item, ""));
}
