import { type Kind, resourceOf } from "@codybatch/crds";
import type { Answer, Api } from "./api.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A new manifest, or an edit of a stored object. */
export interface ManifestCase {
  readonly kind: Kind;
  readonly old?: JsonObject;
  readonly object: JsonObject;
}

/** One fault as an API server names it. */
export interface Cause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** What a server said to the last request of a case. */
export interface Verdict {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  /** None where the body could not be read as the kind: then only the message tells. */
  readonly causes: readonly Cause[];
}

/** A real server's field for "some validation rules were not checked because the object was invalid". */
const unchecked = "<nil>";

/** Puts a case before a server as a user and the operator would, and removes what it left. The first refusal of the edit is the verdict. */
export async function judge(api: Api, { kind, old, object }: ManifestCase): Promise<Verdict> {
  const { group, version, plural } = resourceOf(kind);
  const collection = `/apis/${group}/${version}/namespaces/default/${plural}`;
  const path = `${collection}/${nameOf(object)}`;
  try {
    return verdictOf(old === undefined ? await create(api, collection, object) : await edit(api, collection, path, { old, object }));
  } finally {
    await api.call("DELETE", path);
  }
}

function create(api: Api, collection: string, { status: _status, ...object }: JsonObject): Promise<Answer> {
  return api.call("POST", `${collection}?fieldValidation=Strict`, object);
}

async function edit(api: Api, collection: string, path: string, { old, object }: Required<Omit<ManifestCase, "kind">>): Promise<Answer> {
  const { approval, ...spec } = old["spec"] as JsonObject;
  taken(await create(api, collection, { ...old, spec }));
  if (old["status"] !== undefined) taken(await replace(api, path, { status: old["status"] }, "/status"));
  if (approval !== undefined) taken(await replace(api, path, { spec: { ...spec, approval } }));
  const { status, metadata: _metadata, ...rest } = object;
  const answer = await replace(api, path, rest);
  if (answer.status >= 300 || status === undefined) return answer;
  return replace(api, path, { status }, "/status");
}

/** PUTs the stored object with some parts replaced. */
async function replace(api: Api, path: string, parts: JsonObject, subresource = ""): Promise<Answer> {
  const stored = await api.must("GET", path);
  return api.call("PUT", `${path}${subresource}?fieldValidation=Strict`, { ...stored, ...parts });
}

function taken({ status, body }: Answer): void {
  if (status >= 300) throw new Error(`the case could not be laid out: ${status} ${String(body["message"])}`);
}

function verdictOf({ status, body }: Answer): Verdict {
  const details = body["details"] as { readonly causes?: readonly Cause[] } | undefined;
  const causes = (details?.causes ?? []).filter(({ field }) => field !== unchecked);
  return { status, reason: String(body["reason"]), message: String(body["message"]), causes };
}

function nameOf({ metadata }: JsonObject): string {
  return (metadata as { readonly name: string }).name;
}
