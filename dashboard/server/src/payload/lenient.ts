import type { z } from "zod";

/** Reads an object that a newer version may have written: fields that are not known are left out. Undefined when it cannot be read even so. */
export function lenient<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | undefined {
  const first = schema.safeParse(value);
  if (first.success) return first.data;
  const copy: unknown = structuredClone(value);
  for (const issue of first.error.issues) if (issue.code === "unrecognized_keys") remove(copy, issue.path, issue.keys);
  return schema.safeParse(copy).data;
}

function remove(root: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const place = path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), root);
  if (typeof place === "object" && place !== null) for (const key of keys) Reflect.deleteProperty(place, key);
}
