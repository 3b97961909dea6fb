import { z } from "zod";
import type { Api } from "../api.ts";
import { timestamp } from "../api.ts";
import { parseBody } from "../http/body.ts";
import { jsonAnswer } from "../http/exchange.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { badRequest, conflict } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { decode, valueAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import type { Entry } from "../store/entry.ts";
import { objectAnswer } from "../view/answer.ts";
import { dryRun } from "./dry-run.ts";
import { removable } from "./finalize.ts";
import { present } from "./replace.ts";

const Options = z.looseObject({
  gracePeriodSeconds: z.int().min(0).nullish(),
  propagationPolicy: z.enum(["Orphan", "Background", "Foreground"]).nullish(),
  dryRun: z.array(z.literal("All")).nullish(),
  preconditions: z.looseObject({ uid: z.string().nullish(), resourceVersion: z.string().nullish() }).nullish(),
});

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground" | undefined;
  /** Carry out everything but the deletion. */
  readonly dryRun?: boolean;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** The options of a DELETE: its body, else its query. Throws a 400. */
export function deleteOptionsOf(request: ApiRequest): DeleteOptions {
  const grace = request.query.get("gracePeriodSeconds");
  const fromQuery = {
    propagationPolicy: request.query.get("propagationPolicy"),
    gracePeriodSeconds: grace === null ? null : Number(grace),
  };
  const sent = request.body.length === 0 ? fromQuery : parseBody(request.body, request.contentType);
  const parsed = Options.safeParse(sent);
  if (!parsed.success) throw badRequest(`DeleteOptions cannot be read: ${z.prettifyError(parsed.error)}`);
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun: wished } = parsed.data;
  return {
    gracePeriodSeconds: gracePeriodSeconds ?? undefined,
    propagationPolicy: propagationPolicy ?? undefined,
    dryRun: dryRun(request) || (wished ?? []).length > 0,
    uid: preconditions?.uid ?? undefined,
    resourceVersion: preconditions?.resourceVersion ?? undefined,
  };
}

/** DELETE of one object. */
export async function remove(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const { resource } = target;
  const options = deleteOptionsOf(request);
  const entry = present(api, target);
  checkPreconditions(resource, entry, options);
  if (options.dryRun === true) return objectAnswer(api, request, target, { code: 200, json: entry.json });
  const left = removeEntry(api, resource, entry, options);
  await api.store.durable();
  // Pods, which usually go gracefully, are answered by their last state even when they go at once.
  if (left === undefined && resource.kind !== "Pod") return gone(resource, entry);
  return objectAnswer(api, request, target, { code: 200, json: (left ?? entry).json });
}

function gone(resource: Resource, { name, uid }: Entry): Answer {
  const group = resource.group === "" ? {} : { group: resource.group };
  const details = { name, ...group, kind: resource.plural, uid };
  return jsonAnswer(200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

function checkPreconditions(resource: Resource, entry: Entry, options: DeleteOptions): void {
  const { uid, resourceVersion } = options;
  if (uid !== undefined && uid !== entry.uid) {
    throw conflict(
      resource,
      entry.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${entry.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== String(entry.version)) {
    const versions = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${entry.version})`;
    throw conflict(resource, entry.name, `${versions}. The object might have been modified`);
  }
}

/** Removes an object, or marks it as deleted while somebody must still let go of it. Returns what is left. */
export function removeEntry(api: Api, resource: Resource, entry: Entry, options: DeleteOptions): Entry | undefined {
  const object = decode(entry.json);
  const marked = marking(resource, object, { options, now: api.clock() });
  if (removable(marked)) {
    api.store.remove(resource, entry);
    return undefined;
  }
  return marked === object ? entry : api.store.put(resource, marked);
}

interface Marking {
  readonly options: DeleteOptions;
  readonly now: Date;
}

const policyFinalizers = { Foreground: ["foregroundDeletion"], Orphan: ["orphan"], Background: [] } as const;

/** The object with deletionTimestamp and grace period, or itself when it is already marked as strictly. */
function marking(resource: Resource, object: KubeObject, { options, now }: Marking): KubeObject {
  const { metadata } = object;
  const grace = graceOf(resource, object, options);
  const before = metadata.deletionTimestamp === undefined ? undefined : (metadata.deletionGracePeriodSeconds ?? 0);
  if (before !== undefined && before <= grace) return object;
  const added: readonly string[] = policyFinalizers[options.propagationPolicy ?? "Background"];
  const finalizers = [...new Set([...(metadata.finalizers ?? []), ...added])];
  const marked = {
    ...metadata,
    deletionTimestamp: timestamp(new Date(now.getTime() + grace * 1000)),
    ...(resource.kind === "Namespace" ? {} : { deletionGracePeriodSeconds: grace }),
    ...(metadata.generation === undefined || before !== undefined ? {} : { generation: metadata.generation + 1 }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
  };
  return resource.kind === "Namespace"
    ? { ...object, metadata: marked, status: { phase: "Terminating" } }
    : { ...object, metadata: marked };
}

/** Seconds that a pod on a node keeps; everything else goes at once. */
function graceOf(resource: Resource, object: KubeObject, options: DeleteOptions): number {
  if (resource.kind !== "Pod") return 0;
  const phase = valueAt(object, "status.phase");
  const node = valueAt(object, "spec.nodeName");
  if (node === undefined || node === "" || phase === "Succeeded" || phase === "Failed") return 0;
  return options.gracePeriodSeconds ?? Number(valueAt(object, "spec.terminationGracePeriodSeconds") ?? 30);
}
