import type { Api } from "../api.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { selectionOf } from "../selector/selection.ts";
import { listAnswer } from "../view/answer.ts";
import { deleteOptionsOf, removeEntry } from "./delete.ts";

/** DELETE of a collection: everything that the selectors match, or all of it. */
export async function deleteCollection(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const options = deleteOptionsOf(request);
  const selection = selectionOf(request, target);
  const entries = [...api.store.all(selection.storage)].filter((entry) => selection.matches(entry));
  if (options.dryRun !== true) for (const entry of entries) removeEntry(api, target.resource, entry, options);
  await api.store.durable();
  return listAnswer(api, request, target, { entries, version: api.store.version });
}
