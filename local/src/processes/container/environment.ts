import type { Container, Pod } from "../api/pod.ts";
import { expand } from "./expand.ts";
import { fieldOf } from "./field.ts";
import { ContainerRefusal } from "./refusal.ts";

export type Variables = Readonly<Record<string, string>>;

/** Where a container path lies on this machine. */
export interface PlacedMount {
  readonly mountPath: string;
  readonly path: string;
}

const directoryName = /^CODYBATCH_[A-Z0-9_]+_DIR$/;
const terminationName = "CODYBATCH_TERMINATION_DIR";

/** The manifest's variables in order, with `$(NAME)` of earlier ones filled in. */
export function declaredVariables(container: Container, pod: Pod): Variables {
  const variables: Record<string, string> = {};
  for (const { name, value, valueFrom } of container.env) {
    variables[name] = valueFrom === undefined ? expand(value, variables) : referenced(name, valueFrom.fieldRef?.fieldPath, pod);
  }
  return variables;
}

/** The same with each CODYBATCH_*_DIR that names a mount turned to the folder that stands for it. */
export function placedVariables(variables: Variables, mounts: readonly PlacedMount[], terminationDir: string): Variables {
  const folders = new Map(mounts.map(({ mountPath, path }) => [withoutSlash(mountPath), path]));
  const placed = (name: string, value: string): string => {
    if (name === terminationName) return terminationDir;
    return directoryName.test(name) ? (folders.get(withoutSlash(value)) ?? value) : value;
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, placed(name, value)]));
}

function referenced(name: string, fieldPath: string | undefined, pod: Pod): string {
  const value = fieldPath === undefined ? undefined : fieldOf(pod, fieldPath);
  if (value !== undefined) return value;
  const what = fieldPath === undefined ? "a valueFrom other than fieldRef" : `the field ${fieldPath}`;
  throw new ContainerRefusal("CreateContainerConfigError", `environment variable ${name} uses ${what}, which local mode does not support`);
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
