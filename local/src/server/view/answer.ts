import type { Api } from "../api.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { apiVersionOf } from "../kinds/resource.ts";
import type { KubeObject, PlainObject } from "../object.ts";
import type { Page } from "../verbs/list.ts";
import { formOf } from "./form.ts";

interface Result {
  readonly code: number;
  /** Stored text, or the object that would have been stored. */
  readonly json?: string;
  readonly object?: KubeObject;
  readonly warnings?: readonly string[];
}

/** An object in the form that the client asked for. */
export function objectAnswer(api: Api, request: ApiRequest, target: Target, result: Result): Answer {
  const { code, warnings = [] } = result;
  const json = result.json ?? JSON.stringify(result.object);
  const form = formOf(request, target.resource, api.clock);
  return { code, body: form.one(json), warnings, contentType: form.contentType };
}

/** A page of objects in the form that the client asked for. */
export function listAnswer(api: Api, request: ApiRequest, target: Target, page: Page): Answer {
  const form = formOf(request, target.resource, api.clock);
  const metadata: PlainObject = {
    resourceVersion: String(page.version),
    ...(page.continue === undefined ? {} : { continue: page.continue }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
  const { resource } = target;
  const head = { apiVersion: apiVersionOf(resource), kind: `${resource.kind}List`, metadata };
  return {
    code: 200,
    body: form.many(
      head,
      page.entries.map((entry) => entry.json),
    ),
    contentType: form.contentType,
  };
}
