import { createHash } from "node:crypto";
import { z } from "zod";
import type { Api } from "../api.ts";
import { timestamp } from "../api.ts";
import { parseBody } from "../http/body.ts";
import { jsonAnswer } from "../http/exchange.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { badRequest, conflict, notFound } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { decode, valueAt } from "../object.ts";
import type { Entry } from "../store/entry.ts";
import { present } from "../verbs/replace.ts";
import { User } from "./user.ts";

/** Where issued tokens are kept: as hashes, in a kind that no path leads to. */
export const tokenResource: Resource = {
  group: "internal",
  version: "v1",
  plural: "tokens",
  singular: "token",
  kind: "Token",
  shortNames: [],
  categories: [],
  namespaced: false,
  custom: false,
  hasStatus: false,
  hasGeneration: false,
  selectableFields: [],
  columns: [],
  storage: "tokens.internal",
  rules: {},
};

const TokenRequest = z.looseObject({
  spec: z
    .looseObject({
      audiences: z.array(z.string()).nullish(),
      expirationSeconds: z.int().min(600).nullish(),
      boundObjectRef: z.looseObject({ kind: z.string().optional(), name: z.string().optional(), uid: z.string().optional() }).nullish(),
    })
    .prefault({}),
});
type Bound = z.infer<typeof TokenRequest>["spec"]["boundObjectRef"];

const defaultSeconds = 3600;

/** POST of serviceaccounts/NAME/token: a new opaque token. */
export async function issueToken(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const account = present(api, target);
  const parsed = TokenRequest.safeParse(parseBody(request.body, request.contentType));
  if (!parsed.success) throw badRequest(`TokenRequest cannot be read: ${z.prettifyError(parsed.error)}`);
  const { spec } = parsed.data;
  checkBound(api, target, spec.boundObjectRef);
  const expires = new Date(api.clock().getTime() + (spec.expirationSeconds ?? defaultSeconds) * 1000);
  const token = `${api.makeUID()}${api.makeUID()}`.replaceAll("-", "");
  api.store.put(tokenResource, stored(api, token, { account, expires, bound: spec.boundObjectRef }));
  forgetExpired(api);
  await api.store.durable();
  const status = { token, expirationTimestamp: timestamp(expires) };
  return jsonAnswer(201, {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name: account.name, namespace: account.namespace },
    spec,
    status,
  });
}

/** A token may be bound to a pod, which must be there. */
function checkBound(api: Api, { namespace }: Target, bound: Bound): void {
  const pods = api.registry.find("", "v1", "pods");
  if (bound?.kind !== "Pod" || pods === undefined) return;
  const pod = api.store.get("pods", namespace, bound.name ?? "");
  if (pod === undefined) throw notFound(pods, bound.name ?? "");
  if (bound.uid !== undefined && bound.uid !== "" && bound.uid !== pod.uid) {
    throw conflict(pods, pod.name, `the UID in the bound object reference (${bound.uid}) does not match the UID in record`);
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

interface Issued {
  readonly account: Entry;
  readonly expires: Date;
  readonly bound: Bound;
}

function stored(api: Api, token: string, { account, expires, bound }: Issued): ReturnType<typeof decode> {
  const extra = bound?.kind === "Pod" ? podExtra(bound.name ?? "", bound.uid ?? "") : {};
  const { namespace, name, uid } = account;
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  const user = { token: "-", username: `system:serviceaccount:${namespace}:${name}`, uid, groups, extra };
  const metadata = { name: hashOf(token), uid: api.makeUID(), resourceVersion: "", creationTimestamp: timestamp(api.clock()) };
  return { apiVersion: "internal/v1", kind: "Token", metadata, user, expires: timestamp(expires), boundUID: bound?.uid ?? "" };
}

function podExtra(name: string, uid: string): Readonly<Record<string, readonly string[]>> {
  return { "authentication.kubernetes.io/pod-name": [name], "authentication.kubernetes.io/pod-uid": [uid] };
}

/** The service account of an issued token that is valid: not expired, account and bound pod still there. */
export function accountOf(api: Api, token: string): User | undefined {
  const entry = api.store.get(tokenResource.storage, "", hashOf(token));
  if (entry === undefined) return undefined;
  const object = decode(entry.json);
  const user = User.safeParse(object["user"]);
  const boundUID = valueAt(object, "boundUID");
  const bound = typeof boundUID === "string" && boundUID !== "" ? api.store.byUID(boundUID) !== undefined : true;
  const present = user.success && api.store.byUID(user.data.uid ?? "") !== undefined;
  return present && bound && !isExpired(api, entry) ? user.data : undefined;
}

function isExpired(api: Api, entry: Entry): boolean {
  return Date.parse(String(decode(entry.json)["expires"])) <= api.clock().getTime();
}

function forgetExpired(api: Api): void {
  const expired = [...api.store.all(tokenResource.storage)].filter((entry) => isExpired(api, entry));
  for (const entry of expired) api.store.remove(tokenResource, entry);
}
