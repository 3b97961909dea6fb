import { apiVersion } from "../api.ts";
import type { Kind } from "../schema/resource.ts";
import type { JsonObject } from "../validate/json.ts";

/** A manifest that a server must refuse. */
export interface BadManifest {
  /** What is wrong with it, as a sentence's end: "refuses …". */
  readonly name: string;
  readonly kind: Kind;
  /** The stored object that `object` would replace, its status included; absent where `object` is new. */
  readonly old?: JsonObject;
  readonly object: JsonObject;
  /** The field that the answer must name. */
  readonly path: string;
  /** What the answer must also say, on every server. */
  readonly says: RegExp;
}

export const goodURL = "https://github.com/acme/api";

/** A BatchChange that every server takes, with some fields of its spec replaced; undefined takes a field out. */
export function batchChange(spec: JsonObject = {}, status?: JsonObject, name = "node-24"): JsonObject {
  return {
    apiVersion,
    kind: "BatchChange",
    metadata: { name, namespace: "default" },
    spec: present({ prompt: "Move this package to Node 24.", repositories: [{ url: goodURL }], ...spec }),
    ...(status === undefined ? {} : { status }),
  };
}

/** A Changeset that every server takes, with some fields of its spec replaced. */
export function changeset(spec: JsonObject = {}, status?: JsonObject): JsonObject {
  return {
    apiVersion,
    kind: "Changeset",
    metadata: { name: "node-24-0123456789", namespace: "default" },
    spec: present({ batchChange: "node-24", repository: { url: goodURL, name: "acme/api", branch: "HEAD" }, ...spec }),
    ...(status === undefined ? {} : { status }),
  };
}

/** A digest of a patch, made of one repeated hex digit. */
export function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

/** A status that stores the patch of that digest. */
export function withPatch(digit: string): JsonObject {
  return {
    phase: "AwaitingApproval",
    patch: { digest: digest(digit), baseCommit: "b".repeat(40), tree: "c".repeat(40), bytes: 10, ref: "pod-patch" },
  };
}

function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
