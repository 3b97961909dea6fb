import { without } from "../object.ts";
import type { KubeObject, PlainObject } from "../object.ts";

/** Names of one field in the core and in the events.k8s.io view of an Event. */
const names: readonly (readonly [core: string, group: string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

function renamed(object: PlainObject, from: 0 | 1): PlainObject {
  const to = from === 0 ? 1 : 0;
  const moved = names.filter((pair) => object[pair[from]] !== undefined).map((pair): [string, unknown] => [pair[to], object[pair[from]]]);
  return { ...without(object, ...names.map((pair) => pair[from])), ...Object.fromEntries(moved) };
}

/** Events of both API groups are one kind of object, stored in the core form. */
export const eventConversion = {
  toStored: (object: KubeObject): KubeObject => ({ ...renamed(object, 1), apiVersion: "v1", kind: "Event", metadata: object.metadata }),
  fromStored: (object: KubeObject): KubeObject => ({
    ...renamed(object, 0),
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: object.metadata,
  }),
} as const;
