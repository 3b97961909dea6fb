import type { Fault } from "@codybatch/dashboard-contract";
import { needsOf, type Reach, type Rights } from "../access/rights.ts";
import type { Viewer } from "../access/viewer.ts";
import { forbidden, notFound } from "../http/refusal.ts";
import type { Catalogue } from "../watch/catalogue.ts";
import type { ObjectChange } from "../watch/change-log.ts";
import type { Topic } from "./topic.ts";

/** What one viewer may hear, as of the last look at their rights. */
export interface Hearing {
  readonly list: Reach;
  readonly cost: Reach;
  readonly open: ReadonlyMap<string, boolean>;
  readonly transcript: ReadonlyMap<string, boolean>;
}

interface Parts {
  readonly catalogue: Catalogue;
  readonly rights: Rights;
}

/** Asks for all rights that the topics need. */
export async function hearingOf({ catalogue, rights }: Parts, viewer: Viewer, topics: readonly Topic[]): Promise<Hearing> {
  const named = [...new Set(topics.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])))];
  const all = topics.some(({ kind, namespace }) => kind === "batches" && namespace === undefined);
  const asked = [...new Set([...named, ...(all ? catalogue.namespaces : [])])];
  const each = async (right: "get" | "transcript") =>
    new Map(await Promise.all(named.map(async (name) => [name, await rights.may(viewer, right, name)] as const)));
  const [list, cost, open, transcript] = await Promise.all([
    rights.reach(viewer, "list", asked),
    rights.reach(viewer, "cost", asked),
    each("get"),
    each("transcript"),
  ]);
  return { list, cost, open, transcript };
}

/** Why nothing comes of a topic; undefined when something does. */
export function refusalFor({ catalogue }: Parts, hearing: Hearing, topic: Topic): Fault["error"] | undefined {
  if (topic.kind === "batches") {
    const where = topic.namespace;
    const isAllowed =
      where === undefined ? catalogue.namespaces.length === 0 || catalogue.namespaces.some(hearing.list.has) : hearing.list.has(where);
    return isAllowed ? undefined : forbidden(needsOf("list", where)).fault;
  }
  const isOpen = hearing.open.get(topic.namespace) === true;
  const found =
    topic.kind === "batch" ? catalogue.batch(topic.namespace, topic.batch) : catalogue.repository(topic.namespace, topic.changeset);
  return isOpen && found !== undefined ? undefined : notFound(topic.kind).fault;
}

/** Whether a change belongs to a topic and the viewer may hear of it. */
export function concerns({ what, namespace, name, batchChange }: ObjectChange, topic: Topic, hearing: Hearing): boolean {
  if (topic.kind === "batches") {
    return what === "batch" && (topic.namespace ?? namespace) === namespace && hearing.list.has(namespace);
  }
  if (topic.namespace !== namespace || hearing.open.get(namespace) !== true) return false;
  return topic.kind === "batch" ? topic.batch === batchChange : what === "repository" && topic.changeset === name;
}
