import type { Api } from "../api.ts";
import { parseBody } from "../http/body.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { decode } from "../object.ts";
import { present, replace } from "./replace.ts";

/** PUT of an object, or of its status. */
export async function update(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const body = parseBody(request.body, request.contentType);
  const entry = present(api, target);
  return replace(api, request, target, { entry, old: decode(entry.json), body });
}
