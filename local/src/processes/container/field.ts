import type { Pod } from "../api/pod.ts";

const quoted = /^metadata\.(annotations|labels)\['([^']+)'\]$/;

const plain: Readonly<Record<string, (pod: Pod) => string>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace,
  "metadata.uid": ({ metadata }) => metadata.uid,
  "metadata.annotations": ({ metadata }) => pairs(metadata.annotations),
  "metadata.labels": ({ metadata }) => pairs(metadata.labels),
  "spec.nodeName": () => "local",
  "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName,
  "status.podIP": () => "127.0.0.1",
  "status.hostIP": () => "127.0.0.1",
};

/** What a fieldRef names, or undefined when this field is not known here. An annotation or label that is missing is empty. */
export function fieldOf(pod: Pod, fieldPath: string): string | undefined {
  const [, kind, key] = quoted.exec(fieldPath) ?? [];
  if (kind !== undefined && key !== undefined) return (kind === "labels" ? pod.metadata.labels : pod.metadata.annotations)[key] ?? "";
  return Object.hasOwn(plain, fieldPath) ? plain[fieldPath]?.(pod) : undefined;
}

function pairs(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}
