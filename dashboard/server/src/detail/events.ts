import type { KubernetesEvent } from "@codybatch/dashboard-contract";
import { resources, type Client } from "@codybatch/operator";
import { z } from "zod";
import { unlessForbidden } from "./unless-forbidden.ts";

const text = z.string().nullish();
const Event = z.object({
  metadata: z.object({ creationTimestamp: z.string() }),
  type: z.string().catch("Normal"),
  reason: z.string().catch(""),
  note: z.string().catch(""),
  eventTime: text,
  deprecatedFirstTimestamp: text,
  deprecatedLastTimestamp: text,
  deprecatedCount: z.int().nullish(),
  series: z.object({ count: z.int(), lastObservedTime: z.string() }).nullish(),
  regarding: z.object({ kind: z.string(), name: z.string() }).catch({ kind: "", name: "" }),
});

const mostEvents = 100;

/** Newest first; undefined where the dashboard has no right to read Events. They are an addition: no answer fails for them. */
export async function eventsOf(client: Client, namespace: string, names: ReadonlySet<string>): Promise<KubernetesEvent[] | undefined> {
  return unlessForbidden(async () => {
    const selection = names.size === 1 ? { fieldSelector: `regarding.name=${[...names].join("")}` } : {};
    const { items } = await client.list(resources.events, { namespace, ...selection }, (raw) => ofOurs(raw, names));
    return items.toSorted((left, right) => (left.at < right.at ? 1 : -1)).slice(0, mostEvents);
  });
}

function ofOurs(raw: unknown, names: ReadonlySet<string>): KubernetesEvent | undefined {
  const { data: event } = Event.safeParse(raw);
  if (event === undefined || !names.has(event.regarding.name)) return undefined;
  const first = event.eventTime ?? event.deprecatedFirstTimestamp ?? event.metadata.creationTimestamp;
  return {
    at: event.series?.lastObservedTime ?? event.deprecatedLastTimestamp ?? first,
    firstAt: first,
    type: event.type === "Warning" ? "Warning" : "Normal",
    reason: event.reason,
    message: event.note,
    count: event.series?.count ?? event.deprecatedCount ?? 1,
    about: `${event.regarding.kind} ${event.regarding.name}`,
  };
}
