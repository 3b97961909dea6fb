import type { Fault } from "./fault.ts";
import { paths } from "./paths.ts";
import type { AnswerOf, JSONRoute, ParamsOf, QueryInputOf, RouteName } from "./routes.ts";

/** What a client of this contract needs; no schema and no library, so that a browser can load it. */

/** Parameters and query of one route. */
export type Asked<N extends RouteName> = { readonly params: ParamsOf<N>; readonly query?: QueryInputOf<N> };

/** The path and query of a route, every part of it encoded. */
export function urlOf<N extends RouteName>(name: N, { params, query }: Asked<N>): string {
  const given = new Map<string, unknown>(Object.entries(params));
  const path = paths[name].replaceAll(/:(\w+)/g, (_all, word: string) => encodeURIComponent(String(given.get(word))));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** The server said no, or not what this client understands; `fault` is its own word. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly fault: Fault["error"];

  constructor(status: number, fault: Fault["error"]) {
    super(fault.message);
    this.status = status;
    this.fault = fault;
  }
}

/** The part of fetch that is used. */
export type Fetch = (
  url: string,
  init: { readonly signal?: AbortSignal; readonly headers: Readonly<Record<string, string>> },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

/** Asks one JSON route. Rejects with {@link Refused}, or with what fetch rejects with. */
export async function ask<N extends JSONRoute>(send: Fetch, name: N, asked: Asked<N>, signal?: AbortSignal): Promise<AnswerOf<N>> {
  const answer = await send(urlOf(name, asked), { headers: { accept: "application/json" }, ...(signal === undefined ? {} : { signal }) });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, faultOf(answer.status, text));
  const content: AnswerOf<N> = JSON.parse(text);
  return content;
}

/** A proxy in between may answer with a page of its own. */
function faultOf(status: number, text: string): Fault["error"] {
  try {
    const content: Partial<Fault> = JSON.parse(text);
    if (content.error !== undefined) return content.error;
  } catch {
    // No JSON: said below.
  }
  return { kind: status >= 500 ? "Unavailable" : "Internal", message: `The server answered ${status} without saying why.` };
}
