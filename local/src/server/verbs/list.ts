import type { Api } from "../api.ts";
import type { Answer, ApiRequest, Target } from "../http/exchange.ts";
import { badRequest, expired, tooNewVersion } from "../http/status.ts";
import { selectionOf } from "../selector/selection.ts";
import type { Selection } from "../selector/selection.ts";
import type { Entry } from "../store/entry.ts";
import { lowerBound } from "../store/table.ts";
import type { View } from "../store/table.ts";
import { listAnswer } from "../view/answer.ts";
import { readToken, writeToken } from "./page-token.ts";

/** One page of a collection. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly version: number;
  readonly continue?: string;
  readonly remaining?: number;
}

/** GET of a collection, in pages when `limit` asks for them. All pages show the collection as it was at the first. */
export async function list(api: Api, request: ApiRequest, target: Target): Promise<Answer> {
  const page = pageOf(api, request, selectionOf(request, target));
  await api.store.durable();
  return listAnswer(api, request, target, page);
}

function pageOf(api: Api, request: ApiRequest, selection: Selection): Page {
  const limit = limitOf(request);
  const token = request.query.get("continue") ?? "";
  const from = token === "" ? { version: versionOf(api, request), after: "" } : readToken(token);
  const view = api.store.viewAt(selection.storage, from.version);
  if (view === undefined) throw tooOld(token !== "");
  return cut(view, selection, { limit, ...from });
}

function limitOf(request: ApiRequest): number {
  const text = request.query.get("limit") ?? "0";
  const limit = Number(text);
  if (!Number.isSafeInteger(limit)) throw badRequest(`limit: Invalid value: "${text}": must be a whole number`);
  return limit <= 0 ? Infinity : limit;
}

/** Exactly the version that is asked for, else the present one. */
function versionOf(api: Api, request: ApiRequest): number {
  const text = request.query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(text)) throw badRequest(`invalid resource version: resourceVersion: Invalid value: "${text}": must be a whole number`);
  const version = Number(text);
  if (version > api.store.version) throw tooNewVersion(version, api.store.version);
  if (request.query.get("resourceVersionMatch") !== "Exact") return api.store.version;
  if (version === 0) throw badRequest("resourceVersionMatch is forbidden unless resourceVersion is provided and not 0");
  return version;
}

function tooOld(paging: boolean): Error {
  return expired(
    paging
      ? "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter."
      : "The resourceVersion for the provided list is too old.",
  );
}

interface Cut {
  readonly version: number;
  readonly after: string;
  readonly limit: number;
}

function cut(view: View, selection: Selection, { version, after, limit }: Cut): Page {
  const { first, end } = range(view, selection.namespace, after);
  const entries: Entry[] = [];
  let index = first;
  for (; index < end && entries.length < limit; index += 1) {
    const entry = view.get(view.keys[index] ?? "");
    if (entry !== undefined && selection.matches(entry)) entries.push(entry);
  }
  const last = view.keys[index - 1];
  if (index >= end || last === undefined) return { entries, version };
  const next = { entries, version, continue: writeToken({ version, after: last }) };
  return selection.whole ? { ...next, remaining: end - index } : next;
}

/** The part of the sorted keys that is in the namespace and after the last page. */
function range(view: View, namespace: string, after: string): { readonly first: number; readonly end: number } {
  const { keys } = view;
  const start = namespace === "" ? 0 : lowerBound(keys, `${namespace}/`);
  // "0" is the character after "/".
  const end = namespace === "" ? keys.length : lowerBound(keys, `${namespace}0`);
  return { first: after === "" ? start : Math.max(start, lowerBound(keys, `${after}\0`)), end };
}
