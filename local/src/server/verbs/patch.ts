import type { Api } from "../api.ts";
import { mediaType, parseBody } from "../http/body.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { unsupportedMediaType } from "../http/status.ts";
import type { Resource } from "../kinds/resource.ts";
import { decode } from "../object.ts";
import type { KubeObject } from "../object.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicPatch } from "../patch/strategic-patch.ts";
import { present, replace } from "./replace.ts";

/** PATCH of an object, or of its status. */
export async function patch(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const { resource } = target;
  const apply = patcherOf(resource, mediaType(request.contentType));
  const document = parseBody(request.body, request.contentType);
  const entry = present(api, target);
  const old = decode(entry.json);
  const body = apply(resource.conversion?.fromStored(old) ?? old, document);
  return replace(api, request, target, { entry, old, body });
}

function patcherOf(resource: Resource, type: string): (object: KubeObject, document: unknown) => unknown {
  if (type === "application/merge-patch+json") return mergePatch;
  if (type === "application/json-patch+json") return jsonPatch;
  if (type === "application/strategic-merge-patch+json" && !resource.custom) return strategicPatch;
  throw unsupportedMediaType(refusal(resource, type));
}

function refusal(resource: Resource, type: string): string {
  if (type.startsWith("application/apply-patch")) {
    return "this server does not do server-side apply; use kubectl apply without --server-side, or a Kubernetes cluster";
  }
  const builtin = resource.custom ? "" : ", application/strategic-merge-patch+json";
  return `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json${builtin} (got ${type})`;
}
