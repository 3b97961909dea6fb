import type { TranscriptItem, TranscriptPage } from "@codybatch/dashboard-contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { askOnce, asking } from "../../client/client.ts";
import { firstPage } from "./beginning.ts";

export interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly changeset: string;
}

/** The number after which the next page begins; undefined when all there is has come. */
export function nextAfter(pages: readonly TranscriptPage[]): number | undefined {
  const last = pages.at(-1);
  if (last === undefined) return 0;
  return last.next ?? (last.live ? lastNumber(pages) : undefined);
}

function lastNumber(pages: readonly TranscriptPage[]): number {
  return pages.findLast(({ items }) => items.length > 0)?.items.at(-1)?.n ?? 0;
}

/** All events of a transcript, page after page; those of a running attempt as they come. */
export function useTranscript(place: Place, attempt: string | undefined) {
  const query = useInfiniteQuery({
    // Not under the route's own key: nothing that is heard may make it ask for old pages again.
    queryKey: ["transcriptPages", place, attempt],
    queryFn: ({ client, pageParam }) =>
      pageParam === 0
        ? firstPage(client, place, attempt)
        : askOnce("transcript", { params: place, query: { attempt, after: String(pageParam), limit: "1000" } }),
    initialPageParam: 0,
    getNextPageParam: (_last, pages: readonly TranscriptPage[]) => nextAfter(pages),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const { data, isFetchingNextPage, fetchNextPage } = query;
  const pages = data?.pages;
  const last = pages?.at(-1);
  const isLive = last?.live === true && last.next === undefined;
  const tail = useQuery({
    queryKey: ["transcriptTail", `repository:${place.namespace}/${place.changeset}`],
    queryFn: () => Date.now(),
    enabled: isLive,
    refetchInterval: 15_000,
  });
  useEffect(() => {
    if (last?.next !== undefined && !isFetchingNextPage) void fetchNextPage();
  }, [last, isFetchingNextPage, fetchNextPage]);
  const answered = useRef<number>(undefined);
  useEffect(() => {
    // Only what is heard asks for more: an answer without news must not. What is heard while a page comes is not forgotten.
    if (!isLive || isFetchingNextPage || answered.current === tail.data) return;
    answered.current = tail.data;
    void fetchNextPage();
  }, [tail.data, isLive, isFetchingNextPage, fetchNextPage]);
  const items = useMemo((): readonly TranscriptItem[] => (pages ?? []).flatMap((page) => page.items), [pages]);
  return { query, items, isLive, isTruncated: pages?.[0]?.truncated === true, events: last?.events ?? 0 };
}

/** One event whole, whose long texts were cut. */
export function wholeEvent(place: Place, attempt: string | undefined, n: number) {
  return asking("transcript", { params: place, query: { attempt, after: String(n - 1), limit: "1", full: "true" } });
}
