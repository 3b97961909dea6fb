import type { Rules } from "../kinds/resource.ts";

export const namespaceRules: Rules = {
  prepare: (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name } },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
};
