import type { Api } from "../api.ts";
import { decode, valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";

const times = ["series.lastObservedTime", "lastTimestamp", "eventTime", "metadata.creationTimestamp"];

/** Milliseconds since 1970 when an Event was last seen. */
function lastSeen(event: KubeObject): number {
  const seen = times.map((path) => Date.parse(String(valueAt(event, path))));
  return Math.max(...seen.filter((time) => !Number.isNaN(time)));
}

/** Removes Events that were last seen longer ago than `timeToLive` milliseconds, as the API server lets them expire. */
export function expireEvents(api: Api, timeToLive: number): void {
  const resource = api.registry.stored("events");
  const oldest = api.clock().getTime() - timeToLive;
  if (resource === undefined) return;
  for (const entry of api.store.all("events")) {
    if (lastSeen(decode(entry.json)) < oldest) api.store.remove(resource, entry);
  }
}
