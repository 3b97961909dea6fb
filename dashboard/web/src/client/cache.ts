import { Refused } from "@codybatch/dashboard-contract/client";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { mayPass } from "./client.ts";

/** The cache of all answers. A refused session is told to `onSessionEnd` once for each answer that says so. */
export function newQueryClient(onSessionEnd: (refused: Refused) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Refused && error.status === 401) onSessionEnd(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 120_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && mayPass(error),
      },
    },
  });
}
