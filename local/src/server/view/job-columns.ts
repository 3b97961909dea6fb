import { isPlainObject, valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Column } from "../kinds/resource.ts";
import { humanDuration } from "./age.ts";

function hasCondition(object: KubeObject, type: string): boolean {
  const conditions = valueAt(object, "status.conditions");
  return Array.isArray(conditions) && conditions.some((item) => isPlainObject(item) && item["type"] === type && item["status"] === "True");
}

function statusOf(object: KubeObject): string {
  if (hasCondition(object, "Complete")) return "Complete";
  if (hasCondition(object, "Failed")) return "Failed";
  if (object.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (hasCondition(object, "Suspended")) return "Suspended";
  if (hasCondition(object, "FailureTarget")) return "FailureTarget";
  return hasCondition(object, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function durationOf(object: KubeObject, now: number): string {
  const [start, end] = [valueAt(object, "status.startTime"), valueAt(object, "status.completionTime")];
  if (typeof start !== "string") return "";
  return humanDuration((typeof end === "string" ? Date.parse(end) : now) - Date.parse(start));
}

function completionsOf(object: KubeObject): string {
  const count = (path: string, otherwise: number): number => Number(valueAt(object, path) ?? otherwise);
  return `${count("status.succeeded", 0)}/${count("spec.completions", 1)}`;
}

export const jobColumns: readonly Column[] = [
  { name: "Status", type: "string", description: "Running, or how it ended.", priority: 0, cell: statusOf },
  { name: "Completions", type: "string", description: "Succeeded and wanted pods.", priority: 0, cell: completionsOf },
  { name: "Duration", type: "string", description: "Time from start to end, or until now.", priority: 0, cell: durationOf },
];
