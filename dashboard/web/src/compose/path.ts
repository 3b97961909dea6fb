/** Where a value stands in a manifest: names of fields and places in lists. */
export type Path = readonly (string | number)[];

/** As the API server names it: `spec.repositories[0].url`. */
export function named(path: Path): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((value: unknown, part) => {
    if (typeof part === "number") return isList(value) ? value[part] : undefined;
    return isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, root);
}

/** The same with another value at the path; undefined takes the field out, and what becomes empty by that. */
export function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  const next = withValue(valueAt(root, [part]), rest, value);
  if (typeof part === "number") return withPlace(isList(root) ? root : [], part, next);
  const fields = isFields(root) ? root : {};
  const { [part]: _old, ...others } = fields;
  if (next === undefined) return Object.keys(others).length === 0 ? undefined : others;
  // A field that was there keeps its place.
  return part in fields
    ? Object.fromEntries(Object.entries(fields).map(([key, old]) => [key, key === part ? next : old]))
    : { ...fields, [part]: next };
}

function withPlace(list: readonly unknown[], place: number, value: unknown): readonly unknown[] | undefined {
  const next = [...list.slice(0, place), ...(value === undefined ? [] : [value]), ...list.slice(place + 1)];
  return next.length === 0 ? undefined : next;
}
