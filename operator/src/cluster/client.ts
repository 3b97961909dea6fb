import { z } from "zod";
import type { Metrics } from "../metrics.ts";
import { ApiError } from "./errors.ts";
import { linesOf } from "./lines.ts";
import { parseObject } from "./object.ts";
import type { KubeObject } from "./object.ts";
import { collectionPath, objectPath } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { Transport } from "./transport.ts";
import type { Request, TransportOptions } from "./transport.ts";

/** What to list or watch. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only metadata comes over the wire (PartialObjectMetadata). */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface Listing<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

interface WatchStart extends Selection {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
}

/** One line of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR. */
export interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

export interface CreateOptions {
  /** The answer brings metadata alone (PartialObjectMetadata): of a Job half of the bytes (measured). */
  readonly metadataOnly?: boolean;
}

interface RemoveOptions {
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
}

type MergePatchArguments = readonly [resource: Resource, namespace: string, name: string, body: object, subresource?: "status"];
type RemoveArguments = readonly [resource: Resource, namespace: string, name: string, uid: string, options?: RemoveOptions];

/** The verbs that the operator needs. All throw {@link ApiError} or ConnectionError; isRetryable() tells which may pass. */
export interface Client {
  /** Undefined when there is none. */
  readonly get: (resource: Resource, namespace: string, name: string) => Promise<KubeObject | undefined>;
  /** Reads page by page and keeps only what `slim` makes of each item; items it gives undefined for are left out. */
  readonly list: <T extends object>(resource: Resource, selection: Selection, slim: (raw: unknown) => T | undefined) => Promise<Listing<T>>;
  readonly create: (resource: Resource, namespace: string, body: object, options?: CreateOptions) => Promise<KubeObject>;
  /** With metadata.resourceVersion in the body, a change by another in between is refused (409 Conflict). */
  readonly mergePatch: (...target: MergePatchArguments) => Promise<KubeObject>;
  /** Success too when it is gone already or the name belongs to another uid. */
  readonly remove: (...target: RemoveArguments) => Promise<void>;
  /** Lines until the server ends the watch. Throws at the first step when the server refuses. */
  readonly watch: (resource: Resource, start: WatchStart) => AsyncIterable<WatchLine>;
  /** Resolves when any answer comes from the API server, even a refusal. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A fifth of client-go's: five caches fill at once, and pages of 500 Jobs of 8 KB outlive the young generation (10,000 Jobs: 40 MiB more RSS). */
const pageSize = 100;
/** How often a list may start again because it took so long that its pages expired. */
const listRestarts = 3;

const Page = z.object({
  items: z.array(z.unknown()).nullish(),
  metadata: z.object({ resourceVersion: z.string().default(""), continue: z.string().optional() }),
});
const Line = z.object({ type: z.string(), object: z.unknown() });

export function createClient(options: TransportOptions): Client {
  const transport = new Transport(options);
  return {
    get: (resource, namespace, name) =>
      absentAs404(async () => parseObject(await transport.json({ method: "GET", path: objectPath(resource, namespace, name) }))),
    list: (resource, selection, slim) => listFrom({ transport, resource, selection }, slim, listRestarts),
    create: async (resource, namespace, body, { metadataOnly } = {}) =>
      parseObject(
        await transport.json({ method: "POST", path: collectionPath(resource, namespace), body, accept: acceptOf(metadataOnly, "") }),
      ),
    mergePatch: async (...target) => parseObject(await transport.json(patchRequest(target))),
    remove: (...target) => removeFrom(transport, target),
    watch: (resource, start) => watchFrom({ transport, resource, start, metrics: options.metrics }),
    ping: () => pingTo(transport),
    close: () => transport.close(),
  };
}

async function absentAs404<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

interface ListRequest {
  readonly transport: Transport;
  readonly resource: Resource;
  readonly selection: Selection;
}

async function listFrom<T extends object>(
  request: ListRequest,
  slim: (raw: unknown) => T | undefined,
  restarts: number,
): Promise<Listing<T>> {
  const items: T[] = [];
  let next: string | undefined;
  try {
    for (;;) {
      const page = await readPage(request, next);
      items.push(...(page.items ?? []).flatMap((raw) => slim(raw) ?? []));
      next = page.metadata.continue;
      if (next === undefined || next === "") return { items, resourceVersion: page.metadata.resourceVersion };
    }
  } catch (error) {
    const expired = next !== undefined && error instanceof ApiError && error.status === 410;
    if (!expired || restarts === 0) throw error;
    return listFrom(request, slim, restarts - 1);
  }
}

async function readPage({ transport, resource, selection }: ListRequest, next: string | undefined): Promise<z.infer<typeof Page>> {
  const { namespace, labelSelector, fieldSelector, metadataOnly, signal } = selection;
  const raw = await transport.json({
    method: "GET",
    path: collectionPath(resource, namespace),
    accept: acceptOf(metadataOnly, "List"),
    query: { labelSelector, fieldSelector, limit: pageSize, continue: next },
    ...(signal === undefined ? {} : { signal }),
  });
  return Page.parse(raw);
}

function acceptOf(metadataOnly: boolean | undefined, list: "" | "List"): string {
  return metadataOnly === true ? `application/json;as=PartialObjectMetadata${list};g=meta.k8s.io;v=v1` : "application/json";
}

function patchRequest([resource, namespace, name, body, subresource]: MergePatchArguments): Request {
  const path = objectPath(resource, namespace, name);
  return {
    method: "PATCH",
    path: subresource === undefined ? path : `${path}/${subresource}`,
    body,
    contentType: "application/merge-patch+json",
  };
}

async function removeFrom(transport: Transport, [resource, namespace, name, uid, options]: RemoveArguments): Promise<void> {
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid },
    propagationPolicy: options?.propagation ?? "Background",
    ...(options?.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
  };
  try {
    await transport.json({ method: "DELETE", path: objectPath(resource, namespace, name), body });
  } catch (error) {
    // 409 is the uid precondition: the object is another one by now.
    if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
  }
}

interface WatchRequest {
  readonly transport: Transport;
  readonly resource: Resource;
  readonly start: WatchStart;
  readonly metrics: Metrics;
}

async function* watchFrom({ transport, resource, start, metrics }: WatchRequest): AsyncGenerator<WatchLine> {
  const { namespace, labelSelector, fieldSelector, metadataOnly, signal, resourceVersion, timeoutSeconds } = start;
  const chunks = await transport.stream({
    method: "GET",
    path: collectionPath(resource, namespace),
    accept: acceptOf(metadataOnly, ""),
    query: { watch: true, allowWatchBookmarks: true, labelSelector, fieldSelector, resourceVersion, timeoutSeconds },
    ...(signal === undefined ? {} : { signal }),
  });
  const half = (): void => metrics.watchHalfLines.inc({ resource: resource.plural });
  for await (const line of linesOf(chunks, half)) {
    yield Line.parse(JSON.parse(line));
  }
}

async function pingTo(transport: Transport): Promise<void> {
  try {
    await transport.json({ method: "GET", path: "/version" });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
