import { z } from "zod";
import { badRequest } from "../http/status.ts";
import { apiVersionOf } from "../kinds/resource.ts";
import type { Resource } from "../kinds/resource.ts";
import type { PlainObject } from "../object.ts";

const texts = z.record(z.string(), z.string());
const Owner = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});

/** Kubernetes writes null for an absent field in some places, such as creationTimestamp. */
function absent(value: unknown): unknown {
  return value === null ? undefined : value;
}

const text = z.preprocess(absent, z.string().optional());

const MetaInput = z.looseObject({
  name: text,
  generateName: text,
  namespace: text,
  uid: text,
  resourceVersion: text,
  creationTimestamp: text,
  labels: z.preprocess(absent, texts.optional()),
  annotations: z.preprocess(absent, texts.optional()),
  ownerReferences: z.preprocess(absent, z.array(Owner).optional()),
  finalizers: z.preprocess(absent, z.array(z.string()).optional()),
});
type MetaInput = z.infer<typeof MetaInput>;

/** What a client sent: right kind, metadata of the right types, nothing else known. */
export interface Candidate extends PlainObject {
  readonly metadata: MetaInput;
}

const Body = z.looseObject({ apiVersion: text, kind: text, metadata: z.preprocess((value) => value ?? {}, z.looseObject({})) });

/** The body as an object of this kind. Throws a 400 that names what is wrong. */
export function candidateOf(resource: Resource, body: unknown): Candidate {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw badRequest(`${resource.kind} cannot be read: the body must be one object with apiVersion, kind and metadata`);
  const expected = apiVersionOf(resource);
  const { apiVersion = builtinOnly(resource, expected), kind = builtinOnly(resource, resource.kind) } = parsed.data;
  if (apiVersion === undefined || kind === undefined)
    throw badRequest(`Object 'Kind' or 'apiVersion' is missing: expected ${expected}, Kind=${resource.kind}`);
  if (apiVersion !== expected || kind !== resource.kind) {
    throw badRequest(
      `the API version in the data (${apiVersion}, Kind=${kind}) does not match the expected API version (${expected}, Kind=${resource.kind})`,
    );
  }
  return { ...parsed.data, apiVersion, kind, metadata: metadataOf(resource, parsed.data.metadata) };
}

/** Clients may leave apiVersion and kind out of built-in objects, but not out of ours. */
function builtinOnly(resource: Resource, value: string): string | undefined {
  return resource.custom ? undefined : value;
}

function metadataOf(resource: Resource, metadata: unknown): MetaInput {
  const parsed = MetaInput.safeParse(metadata);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = ["metadata", ...(issue?.path ?? [])].map(String).join(".");
  throw badRequest(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${path}: ${issue?.message ?? "wrong type"}`,
  );
}
