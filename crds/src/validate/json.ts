export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path below an object; undefined where there is none. */
export function fieldAt(value: unknown, path: string): unknown {
  const names = path.split(".").filter((name) => name !== "");
  return names.reduce<unknown>((node, name) => (isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined), value);
}

/** Deep equality of JSON values, whatever the order of keys; an absent field equals one that is undefined. */
export function sameJson(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, child: unknown) => (isObject(child) ? sorted(child) : child));
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
