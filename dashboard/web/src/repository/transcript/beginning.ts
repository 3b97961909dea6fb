import type { TranscriptPage } from "@codybatch/dashboard-contract";
import type { QueryClient } from "@tanstack/react-query";
import { asking, askOnce } from "../../client/client.ts";
import type { Place } from "./pages.ts";

/** The first page of a transcript, which is small, so that it is there soon. Without an attempt, of the one that the server takes for the newest. */
export function beginning(place: Place, attempt: string | undefined) {
  return asking("transcript", { params: place, query: { attempt, after: "0", limit: "200" } });
}

/**
 * The first page; one that was asked for on the way here is taken when it is of this attempt and has events. That it may be old does no harm:
 * more only come behind them.
 */
export async function firstPage(client: QueryClient, place: Place, attempt: string | undefined): Promise<TranscriptPage> {
  const begun = [attempt, undefined].map((id) => beginning(place, id)).find(({ queryKey }) => client.getQueryState(queryKey) !== undefined);
  const page = begun === undefined ? undefined : await client.ensureQueryData(begun).catch(() => undefined);
  if (page !== undefined && page.attempt === attempt && page.items.length > 0) return page;
  return askOnce("transcript", { params: place, query: { attempt, after: "0", limit: "200" } });
}
