import { ask, type Asked, type Fetch, Refused, urlOf } from "@codybatch/dashboard-contract/client";
import type { JSONRoute } from "@codybatch/dashboard-contract";
import { queryOptions } from "@tanstack/react-query";

const send: Fetch = (url, init) => fetch(url, { ...init, credentials: "same-origin", redirect: "error" });

/** What TanStack Query needs to ask a route. */
export function asking<N extends JSONRoute>(name: N, asked: Asked<N>) {
  return queryOptions({
    queryKey: [name, asked.params, asked.query ?? {}] as const,
    queryFn: ({ signal }) => ask(send, name, asked, signal),
  });
}

/** Asks once, outside of the cache. */
export function askOnce<N extends JSONRoute>(name: N, asked: Asked<N>): ReturnType<typeof ask<N>> {
  return ask(send, name, asked);
}

/** Begins a session. Rejects with Refused. */
export async function logIn(token: string): Promise<void> {
  const answer = await fetch(urlOf("login", { params: {} }), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ token }),
    credentials: "same-origin",
  });
  if (!answer.ok) await ask(() => Promise.resolve(answer), "login", { params: {} });
}

/** A part of a text that is not JSON, such as one file of a patch. Rejects with Refused. */
export async function askText(url: string, range: string | undefined, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { headers: range === undefined ? {} : { range }, credentials: "same-origin", signal });
  if (answer.ok) return answer.text();
  return ask(() => Promise.resolve(answer), "me", { params: {} }).then(() => "");
}

/** Whether asking again may help: the network or the server, not a refusal. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || error.status >= 500 || error.status === 429;
}
