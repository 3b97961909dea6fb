import type { Api } from "../api.ts";
import { jsonAnswer } from "../http/exchange.ts";
import type { Answer, ApiRequest } from "../http/exchange.ts";
import { methodNotAllowed } from "../http/status.ts";
import type { PlainObject } from "../object.ts";
import { mediaRangesOf } from "../view/media-range.ts";
import { aggregatedDiscovery, aggregatedType } from "./aggregated.ts";
import { coreVersions, groupList, groupOf, resourceList } from "./legacy.ts";
import { openapiDocument, openapiIndex } from "./openapi.ts";
import { servedBy } from "./served.ts";

/** The Kubernetes version whose behaviour this server follows. */
const version = { major: "1", minor: "33", gitVersion: "v1.33.0-codybatch", platform: "embedded" };

/** Answers the paths that speak of the server itself, or returns undefined for any other path. */
export function answerAboutServer(api: Api, request: ApiRequest): Answer | undefined {
  const path = request.path.length > 1 ? request.path.replace(/\/$/, "") : "/";
  const answer = health(path) ?? openapiV2(path, request) ?? document(documentOf(api, path, request));
  if (answer !== undefined && request.method !== "GET") throw methodNotAllowed();
  return answer;
}

function health(path: string): Answer | undefined {
  return ["/healthz", "/livez", "/readyz"].includes(path) ? { code: 200, body: "ok", contentType: "text/plain; charset=utf-8" } : undefined;
}

/** kubectl reads version 2 as protobuf only; an empty body is an empty document, and it goes on with version 3. */
function openapiV2(path: string, { accept }: ApiRequest): Answer | undefined {
  if (path !== "/openapi/v2") return undefined;
  const type = mediaRangesOf(accept)[0]?.type ?? "";
  if (type.includes("proto")) return { code: 200, body: "", contentType: type };
  return jsonAnswer(200, { swagger: "2.0", info: { title: "Cody Batch embedded API server", version: "v1" }, paths: {}, definitions: {} });
}

interface Found {
  readonly body: PlainObject | undefined;
  readonly contentType?: string;
}

function document({ body, contentType = "application/json" }: Found): Answer | undefined {
  return body === undefined ? undefined : { ...jsonAnswer(200, body), contentType };
}

function documentOf(api: Api, path: string, request: ApiRequest): Found {
  const served = servedBy(api.registry);
  const parts = path.split("/").slice(1);
  const [root, group = "", groupVersion = "", ...more] = parts;
  if (path === "/version") return { body: version };
  if (root === "openapi") return { body: openapi(api, path) };
  if (path === "/api" || path === "/apis") return rootDocument(served, path === "/api", request);
  if (root === "api" && groupVersion === "") return { body: resourceList(served, "", group) };
  if (root !== "apis" || more.length > 0) return { body: undefined };
  return { body: groupVersion === "" ? groupOf(served, group) : resourceList(served, group, groupVersion) };
}

function rootDocument(served: ReturnType<typeof servedBy>, core: boolean, { accept }: ApiRequest): Found {
  const aggregated = mediaRangesOf(accept).some(({ as, version: wanted }) => as === "APIGroupDiscoveryList" && wanted === "v2");
  if (aggregated) return { body: aggregatedDiscovery(served, core), contentType: aggregatedType };
  return { body: core ? coreVersions() : groupList(served) };
}

function openapi(api: Api, path: string): PlainObject | undefined {
  if (path === "/openapi/v3") return openapiIndex(api.registry);
  return path.startsWith("/openapi/v3/") ? openapiDocument(api.registry, path.slice("/openapi/v3/".length)) : undefined;
}
