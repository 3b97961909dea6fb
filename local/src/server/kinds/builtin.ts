import type { Resource, Rules } from "./resource.ts";
import { configMapRules } from "../door/config-map.ts";
import { eventConversion } from "./event.ts";
import { jobRules } from "../door/job.ts";
import { namespaceRules } from "../door/namespace.ts";
import { podRules } from "../door/pod.ts";
import { columnsOf } from "../view/columns.ts";

interface Short {
  readonly kind: string;
  readonly plural: string;
  readonly group?: string;
  readonly version?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced?: boolean;
  readonly hasStatus?: boolean;
  readonly hasGeneration?: boolean;
  readonly selectableFields?: readonly string[];
  readonly storage?: string;
  readonly rules?: Rules;
  readonly conversion?: NonNullable<Resource["conversion"]>;
}

const defaults = {
  group: "",
  version: "v1",
  shortNames: [],
  categories: [],
  namespaced: true,
  hasStatus: false,
  hasGeneration: false,
  selectableFields: [],
  rules: {},
} as const;

function builtin(short: Short): Resource {
  const { kind, plural } = short;
  const storage = short.group === undefined ? plural : `${plural}.${short.group}`;
  return { ...defaults, singular: kind.toLowerCase(), custom: false, columns: columnsOf(kind), storage, ...short };
}

const regardingFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

const coreEvents = builtin({
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  selectableFields: [...regardingFields.map((field) => `involvedObject.${field}`), "reason", "type", "reportingComponent", "source"],
});

/** The built-in kinds, as far as the operator, the runner and kubectl need them. */
export const builtins: readonly Resource[] = [
  builtin({
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    hasStatus: true,
    selectableFields: ["status.phase"],
    rules: namespaceRules,
  }),
  builtin({
    kind: "Pod",
    plural: "pods",
    shortNames: ["po"],
    categories: ["all"],
    hasStatus: true,
    hasGeneration: true,
    selectableFields: [
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "status.phase",
      "status.podIP",
    ],
    rules: podRules,
  }),
  builtin({ kind: "ConfigMap", plural: "configmaps", shortNames: ["cm"], rules: configMapRules }),
  builtin({ kind: "ServiceAccount", plural: "serviceaccounts", shortNames: ["sa"] }),
  coreEvents,
  builtin({
    kind: "Event",
    plural: "events",
    group: "events.k8s.io",
    shortNames: ["ev"],
    storage: "events",
    selectableFields: [...regardingFields.map((field) => `regarding.${field}`), "reason", "type", "reportingController"],
    conversion: { stored: coreEvents, ...eventConversion },
  }),
  builtin({
    kind: "Job",
    plural: "jobs",
    group: "batch",
    categories: ["all"],
    hasStatus: true,
    hasGeneration: true,
    selectableFields: ["status.successful"],
    rules: jobRules,
  }),
  builtin({ kind: "Lease", plural: "leases", group: "coordination.k8s.io" }),
  builtin({ kind: "RoleBinding", plural: "rolebindings", group: "rbac.authorization.k8s.io" }),
];
