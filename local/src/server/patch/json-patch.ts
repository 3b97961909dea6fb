export function jsonPatch(target: unknown, _patch: unknown): unknown {
  return target;
}
