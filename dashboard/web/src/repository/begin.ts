import type { BatchDetail } from "@codybatch/dashboard-contract";
import type { QueryClient } from "@tanstack/react-query";
import { asking } from "../client/client.ts";
import { parts } from "./parts.ts";
import type { RepositorySearch } from "./search.ts";
import { beginning } from "./transcript/beginning.ts";
import type { Place } from "./transcript/pages.ts";

/** All at once what would come one after the other; nothing waits for it, and what fails is asked for again where it is shown. */
export function beginRepository(queries: QueryClient, params: Place, { tab = "diff", attempt }: RepositorySearch): void {
  const repository = asking("repository", { params });
  if (isNew(queries, repository)) void queries.prefetchQuery(repository);
  if (tab !== "diff" && tab !== "transcript") return;
  parts[tab]().catch(() => undefined);
  if (tab === "diff") beginFiles(queries, params, attempt);
  else beginEvents(queries, params, attempt);
}

function beginFiles(queries: QueryClient, params: Place, attempt: string | undefined): void {
  const files = asking("patchFiles", { params, query: { attempt } });
  if (knownRights(queries, params)?.patch === true && isNew(queries, files)) void queries.prefetchQuery(files);
}

function beginEvents(queries: QueryClient, params: Place, attempt: string | undefined): void {
  const events = beginning(params, attempt);
  if (knownRights(queries, params)?.transcript === true && isNew(queries, events)) void queries.prefetchQuery(events);
}

function isNew(queries: QueryClient, { queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return queries.getQueryState(queryKey) === undefined;
}

/** As the repository or its batch told them; undefined when neither was shown yet. */
function knownRights(queries: QueryClient, params: Place): BatchDetail["rights"] | undefined {
  const { namespace, name } = params;
  const shown = queries.getQueryData(asking("repository", { params }).queryKey);
  return (shown ?? queries.getQueryData(asking("batch", { params: { namespace, name } }).queryKey))?.rights;
}
