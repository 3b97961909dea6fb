import type { Context } from "../http/context.ts";
import { forbidden, notFound, Refusal } from "../http/refusal.ts";
import type { BatchEntry } from "../watch/batch-entry.ts";
import { needsOf, type Reach, type Right } from "./rights.ts";
import type { Viewer } from "./viewer.ts";

type Parts = Pick<Context, "catalogue" | "rights">;

/** Throws 503 until everything was listed once. */
export function requireReady({ catalogue }: Parts): void {
  if (catalogue.ready) return;
  throw new Refusal("Unavailable", catalogue.missing ?? "The dashboard is still reading the cluster. Try again in a moment.", {
    retryAfterSeconds: 2,
  });
}

export interface Sight {
  readonly list: Reach;
  readonly cost: Reach;
}

/** Where the viewer may list batches and see costs. Throws 403 when that is nowhere, though there is something to see. */
export async function sightOf({ catalogue, rights }: Parts, viewer: Viewer, namespace?: string): Promise<Sight> {
  const asked = [...new Set([...catalogue.namespaces, ...(namespace === undefined ? [] : [namespace])])];
  const list = await rights.reach(viewer, "list", asked);
  const seen = asked.filter((name) => list.has(name));
  const isNowhere = namespace === undefined ? asked.length > 0 && seen.length === 0 : !list.has(namespace);
  if (isNowhere) throw forbidden(needsOf("list", namespace));
  return { list, cost: await rights.reach(viewer, "cost", seen) };
}

export function visibleBatches({ catalogue }: Parts, { list }: Sight, namespace?: string): readonly BatchEntry[] {
  const all = catalogue.batches();
  if (list.everywhere && namespace === undefined) return all;
  return all.filter(({ metadata }) => list.has(metadata.namespace) && (namespace === undefined || metadata.namespace === namespace));
}

/** The row of a batch that the viewer may open; else the same 404 for what is not there and what may not be seen. */
export async function openBatch({ catalogue, rights }: Parts, viewer: Viewer, namespace: string, name: string): Promise<BatchEntry> {
  const entry = (await rights.may(viewer, "get", namespace)) ? catalogue.batch(namespace, name) : undefined;
  if (entry === undefined) throw notFound("batch");
  return entry;
}

export async function detailRights({ rights }: Parts, viewer: Viewer, namespace: string) {
  const [transcript, patch, cost] = await Promise.all([
    rights.may(viewer, "transcript", namespace),
    rights.may(viewer, "patch", namespace),
    rights.may(viewer, "cost", namespace),
  ]);
  return { transcript, patch, cost };
}

/** Throws 403 that names the right. To be asked after {@link openBatch}, so that it tells nobody what exists. */
export async function requireRight({ rights }: Parts, viewer: Viewer, right: Right, namespace: string): Promise<void> {
  if (!(await rights.may(viewer, right, namespace))) throw forbidden(needsOf(right, namespace));
}
