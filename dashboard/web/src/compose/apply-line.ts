import { valueAt } from "./path.ts";
import type { Manifest } from "./manifest.ts";

const plain = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;

/** The file and the kubectl line for it; words that a shell could read otherwise never get in. */
export function applyLine(manifest: Manifest): { readonly file: string; readonly line: string } {
  const [name, namespace] = ["name", "namespace"].map((field) => {
    const value = valueAt(manifest, ["metadata", field]);
    return typeof value === "string" && plain.test(value) ? value : undefined;
  });
  const file = `${name ?? "batch"}.yaml`;
  return { file, line: `kubectl apply${namespace === undefined ? "" : ` --namespace ${namespace}`} -f ${file}` };
}
