import { valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Column } from "../kinds/resource.ts";
import { age } from "./age.ts";
import { jobColumns } from "./job-columns.ts";
import { podColumns } from "./pod-columns.ts";

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
  cell: (object) => object.metadata.name,
};

const ageColumn: Column = {
  name: "Age",
  type: "string",
  description: "Time since the object was made.",
  priority: 0,
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};

function textColumn(name: string, path: string, priority = 0): Column {
  return { name, type: "string", description: `Value of ${path}.`, priority, cell: (object) => textAt(object, path) };
}

function textAt(object: KubeObject, path: string): string | undefined {
  const value = valueAt(object, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function sizeOf(value: unknown): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

const dataColumn: Column = {
  name: "Data",
  type: "string",
  description: "Number of keys.",
  priority: 0,
  cell: (object) => sizeOf(object["data"]) + sizeOf(object["binaryData"]),
};

const lastSeenColumn: Column = {
  name: "Last Seen",
  type: "string",
  description: "Time since the event was last seen.",
  priority: 0,
  cell: (object, now) => age(lastSeen(object), now),
};

function lastSeen(object: KubeObject): unknown {
  const paths = ["series.lastObservedTime", "lastTimestamp", "deprecatedLastTimestamp", "eventTime", "metadata.creationTimestamp"];
  return paths.map((path) => valueAt(object, path)).find((value) => typeof value === "string");
}

const regardingColumn: Column = {
  name: "Object",
  type: "string",
  description: "What the event is about.",
  priority: 0,
  cell: (object) => {
    const field = object["regarding"] === undefined ? "involvedObject" : "regarding";
    return `${(textAt(object, `${field}.kind`) ?? "").toLowerCase()}/${textAt(object, `${field}.name`) ?? ""}`;
  },
};

const messageColumn: Column = {
  name: "Message",
  type: "string",
  description: "What happened.",
  priority: 0,
  cell: (object) => (textAt(object, "message") ?? textAt(object, "note") ?? "").trim(),
};

const middle: Readonly<Record<string, readonly Column[]>> = {
  Namespace: [textColumn("Status", "status.phase")],
  Pod: podColumns,
  Job: jobColumns,
  ConfigMap: [dataColumn],
  ServiceAccount: [{ name: "Secrets", type: "string", description: "Number of Secrets.", priority: 0, cell: () => 0 }],
  Lease: [textColumn("Holder", "spec.holderIdentity")],
  RoleBinding: [
    {
      ...textColumn("Role", "roleRef.name"),
      cell: (object) => `${textAt(object, "roleRef.kind") ?? ""}/${textAt(object, "roleRef.name") ?? ""}`,
    },
  ],
};

/** Columns of a built-in kind, as kubectl shows them. */
export function columnsOf(kind: string): readonly Column[] {
  if (kind === "Event") {
    return [
      lastSeenColumn,
      textColumn("Type", "type"),
      textColumn("Reason", "reason"),
      regardingColumn,
      messageColumn,
      { ...nameColumn, priority: 1 },
    ];
  }
  const wide = (middle[kind] ?? []).filter((column) => column.priority > 0);
  const narrow = (middle[kind] ?? []).filter((column) => column.priority === 0);
  return [nameColumn, ...narrow, ageColumn, ...wide];
}
