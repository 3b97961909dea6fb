import type { Api } from "../api.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { methodNotAllowed, noSuchPath } from "../http/status.ts";
import { issueToken } from "../review/token.ts";
import { create } from "./create.ts";
import { deleteCollection } from "./delete-collection.ts";
import { remove } from "./delete.ts";
import { list } from "./list.ts";
import { patch } from "./patch.ts";
import { read } from "./read.ts";
import { update } from "./update.ts";

type Handler = (api: Api, request: ApiRequest, target: Target) => Promise<Answer>;

const onCollection: Readonly<Record<string, Handler>> = { GET: list, POST: create, DELETE: deleteCollection };
const onObject: Readonly<Record<string, Handler>> = { GET: read, PUT: update, PATCH: patch, DELETE: remove };
const onStatus: Readonly<Record<string, Handler>> = { GET: read, PUT: update, PATCH: patch };

function handlersOf({ resource, name, subresource }: Target): Readonly<Record<string, Handler>> {
  if (name === undefined) return onCollection;
  if (subresource === undefined) return onObject;
  if (subresource === "status" && resource.hasStatus) return onStatus;
  if (subresource === "token" && resource.kind === "ServiceAccount") return { POST: issueToken };
  throw noSuchPath();
}

/** Carries out a request on an object or a collection. */
export function dispatch(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const handler = handlersOf(target)[request.method];
  if (handler === undefined) throw methodNotAllowed();
  return handler(api, request, target);
}
