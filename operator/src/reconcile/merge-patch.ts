type Json = Readonly<Record<string, unknown>>;

/** The JSON merge patch (RFC 7396) that makes `after` of `before`; undefined when they are equal. */
export function mergePatchOf(before: Json, after: Json): Json | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = changeOf(before[key], after[key]);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Undefined: nothing changes. */
function changeOf(before: unknown, after: unknown): unknown {
  if (after === undefined) return before === undefined ? undefined : null;
  if (isJson(before) && isJson(after)) return mergePatchOf(before, after);
  return isEqual(before, after) ? undefined : after;
}

/** Deep equality of JSON values; the order of keys does not count. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (isJson(left) && isJson(right)) return mergePatchOf(left, right) === undefined;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((one, index) => isEqual(one, right[index]));
  }
  return left === right;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
