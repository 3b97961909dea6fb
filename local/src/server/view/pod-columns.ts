import { isPlainObject, valueAt } from "../object.ts";
import type { KubeObject, PlainObject } from "../object.ts";
import type { Column } from "../kinds/resource.ts";

function listAt(object: KubeObject, path: string): readonly PlainObject[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? list.filter(isPlainObject) : [];
}

/** Containers that count as running: the ordinary ones and the sidecars among the init containers. */
function sidecarNames(object: KubeObject): readonly unknown[] {
  return listAt(object, "spec.initContainers")
    .filter((container) => container["restartPolicy"] === "Always")
    .map((container) => container["name"]);
}

function countedStatuses(object: KubeObject): readonly PlainObject[] {
  const sidecars = sidecarNames(object);
  const initial = listAt(object, "status.initContainerStatuses").filter((status) => sidecars.includes(status["name"]));
  return [...initial, ...listAt(object, "status.containerStatuses")];
}

function readyOf(object: KubeObject): string {
  const ready = countedStatuses(object).filter((status) => status["ready"] === true).length;
  return `${ready}/${listAt(object, "spec.containers").length + sidecarNames(object).length}`;
}

function restartsOf(object: KubeObject): number {
  return countedStatuses(object).reduce((sum, status) => sum + Number(status["restartCount"] ?? 0), 0);
}

function stateReason(object: KubeObject): string | undefined {
  for (const status of listAt(object, "status.containerStatuses")) {
    const reason = valueAt(status, "state.waiting.reason") ?? valueAt(status, "state.terminated.reason");
    if (typeof reason === "string" && reason !== "") return reason;
  }
  return undefined;
}

/** Init containers that have not ended yet: how many have, of how many. */
function initState(object: KubeObject): string | undefined {
  const all = listAt(object, "spec.initContainers");
  const sidecars = sidecarNames(object);
  const statuses = listAt(object, "status.initContainerStatuses");
  const done = statuses.filter((status) =>
    sidecars.includes(status["name"]) ? status["started"] === true : valueAt(status, "state.terminated.exitCode") === 0,
  ).length;
  return valueAt(object, "status.phase") === "Pending" && statuses.length > 0 && done < all.length
    ? `Init:${done}/${all.length}`
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function statusOf(object: KubeObject): string {
  const reason = textOf(valueAt(object, "status.reason"));
  if (object.metadata.deletionTimestamp !== undefined) return reason === "NodeLost" ? "Unknown" : "Terminating";
  const phase = textOf(valueAt(object, "status.phase"));
  return reason ?? initState(object) ?? stateReason(object) ?? phase ?? "Unknown";
}

export const podColumns: readonly Column[] = [
  { name: "Ready", type: "string", description: "Containers that are ready, of all.", priority: 0, cell: readyOf },
  { name: "Status", type: "string", description: "Phase, or why it waits or ended.", priority: 0, cell: statusOf },
  { name: "Restarts", type: "string", description: "Restarts of containers.", priority: 0, cell: restartsOf },
  {
    name: "IP",
    type: "string",
    description: "Address of the pod.",
    priority: 1,
    cell: (object) => textOf(valueAt(object, "status.podIP")) ?? "<none>",
  },
  {
    name: "Node",
    type: "string",
    description: "Where it runs.",
    priority: 1,
    cell: (object) => textOf(valueAt(object, "spec.nodeName")) ?? "<none>",
  },
];
