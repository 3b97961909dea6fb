import { createClient, createLog, createMetrics, openEndpoint, parseObject, resources, systemClock } from "@codybatch/operator";
import type { Client, Metrics, Resource } from "@codybatch/operator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slimMetadata } from "../../../operator/src/cluster/object.ts";
import { Reflector } from "../../../operator/src/cluster/reflector.ts";
import type { Stored } from "../../../operator/src/cluster/store.ts";
import { type Api, openApi } from "./api.ts";
import { type ControlPlane, installCRDs, startControlPlane } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const started = new AsyncDisposableStack();
let plane: ControlPlane;
let api: Api;
let client: Client;

beforeAll(async () => {
  plane = started.adopt(await startControlPlane(), ({ stop }) => stop());
  api = started.adopt(await openApi(plane.kubeconfig), (opened) => opened.close());
  const endpoint = await openEndpoint({ kind: "kubeconfig", path: plane.kubeconfig }, systemClock);
  client = started.adopt(createClient({ endpoint, metrics: createMetrics() }), ({ close }) => close());
});
afterAll(() => started.disposeAsync());

test("a watch that begins before its CRD exists finds the kind as soon as it is served", async () => {
  await using watched = watch(resources.changesets);
  await eventually("the first list is refused", async () => watched.log().includes("cannot list") || undefined);
  expect(watched.reflector.synced).toBe(false);
  await installCRDs(plane);
  await eventually("the list succeeds", async () => watched.reflector.synced || undefined);
});

test("a bookmark brings the cache forward while nothing happens in it", async () => {
  await using watched = watch(resources.configMaps, "bookmarks");
  await eventually("the first list", async () => watched.reflector.synced || undefined);
  const { resourceVersion } = await create("elsewhere", "other");
  const seen = async () => Number(watched.reflector.store.resourceVersion) >= Number(resourceVersion) || undefined;
  await eventually("a bookmark, which comes about once a minute", seen, { seconds: 120 });
  expect(watched.told).toEqual([]);
  expect(await listsOf(watched)).toEqual({ start: 1 });
});

test("nothing is missed while the API server is killed and started again under changes", async () => {
  await using watched = watch(resources.configMaps, "outage");
  for (const name of ["kept", "changed", "deleted", "replaced"]) await create("outage", name);
  await told(watched, ["added kept", "added changed", "added deleted", "added replaced"]);
  await plane.kill("apiserver");
  await eventually("the operator notices", async () => watched.log().includes("the watch ended") || undefined);
  await plane.revive("apiserver");
  await api.must("PATCH", path("outage", "changed"), { data: { value: "2" } }, "application/merge-patch+json");
  await api.must("DELETE", path("outage", "deleted"));
  await api.must("DELETE", path("outage", "replaced"));
  await create("outage", "replaced");
  await create("outage", "new");
  const changes = ["updated changed", "deleted deleted", "deleted replaced", "added replaced", "added new"];
  await told(watched, changes);
  expect(watched.told.slice(4).toSorted()).toEqual(changes.toSorted());
  expect(await cached(watched)).toEqual(await stored("outage"));
});

test("nothing is missed over etcd's restart, and the watch lives on afterwards", async () => {
  await using watched = watch(resources.configMaps, "storage");
  await create("storage", "before");
  await told(watched, ["added before"]);
  await plane.kill("etcd");
  await plane.revive("etcd");
  await eventually("the API server can write again", () => create("storage", "after").catch(() => undefined));
  await told(watched, ["added before", "added after"]);
  expect(await cached(watched)).toEqual(await stored("storage"));
});

interface Watched extends AsyncDisposable {
  readonly reflector: Reflector<Stored>;
  /** Every change, in order: kind and name. */
  readonly told: readonly string[];
  readonly log: () => string;
  readonly metrics: Metrics;
}

/** The operator's own watch of one kind in one namespace. */
function watch(resource: Resource, namespace?: string): Watched {
  const changes: string[] = [];
  const lines: string[] = [];
  const metrics = createMetrics();
  const reflector = new Reflector<Stored>({
    client,
    resource,
    metrics,
    clock: systemClock,
    random: Math.random,
    ...(namespace !== undefined && { namespace }),
    slim: (raw) => (parseObject(raw).metadata.name === "kube-root-ca.crt" ? undefined : { metadata: slimMetadata(raw) }),
    onChange: ({ kind, object }) => void changes.push(`${kind} ${object.metadata.name}`),
    log: createLog("debug", { write: (line) => void lines.push(line) }),
  });
  reflector.start();
  return { reflector, told: changes, log: () => lines.join(""), metrics, [Symbol.asyncDispose]: () => reflector.stop() };
}

/** Waits until all of these have been told, in any order. */
async function told(watched: Watched, wanted: readonly string[]): Promise<void> {
  const all = async () => wanted.every((change) => watched.told.includes(change)) || undefined;
  await eventually(`told: ${wanted.join(", ")}`, all, { instead: () => watched.told });
}

async function cached({ reflector }: Watched): Promise<readonly string[]> {
  return reflector.store.all().map(versioned).toSorted();
}

async function stored(namespace: string): Promise<readonly string[]> {
  const items = (await api.must("GET", path(namespace)))["items"] as readonly Stored[];
  return items
    .filter(({ metadata }) => metadata.name !== "kube-root-ca.crt")
    .map(versioned)
    .toSorted();
}

function versioned({ metadata: { name, uid, resourceVersion } }: Stored): string {
  return `${name} ${uid} ${resourceVersion}`;
}

/** How often the reflector has read everything, by cause. */
async function listsOf({ metrics }: Watched): Promise<Readonly<Record<string, number>>> {
  const { values } = await metrics.watchRelists.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.cause, value]));
}

/** Makes a ConfigMap, and its namespace where that is missing. */
async function create(namespace: string, name: string): Promise<Stored["metadata"]> {
  await api.call("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { value: "1" } };
  return parseObject(await api.must("POST", path(namespace), body)).metadata;
}

function path(namespace: string, ...name: readonly string[]): string {
  return ["/api/v1/namespaces", namespace, "configmaps", ...name].join("/");
}
