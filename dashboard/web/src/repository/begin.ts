import type { QueryClient } from "@tanstack/react-query";
import { asking } from "../client/client.ts";
import { parts } from "./parts.ts";
import type { RepositorySearch } from "./search.ts";
import { beginning } from "./transcript/beginning.ts";
import type { Place } from "./transcript/pages.ts";

/** All at once what would come one after the other; nothing waits for it, and what fails is asked for again where it is shown. */
export function beginRepository(queries: QueryClient, params: Place, { tab = "diff", attempt }: RepositorySearch): void {
  const isNew = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean => queries.getQueryState(queryKey) === undefined;
  const [repository, files, events] = [
    asking("repository", { params }),
    asking("patchFiles", { params, query: { attempt } }),
    beginning(params, attempt),
  ];
  if (isNew(repository)) void queries.prefetchQuery(repository);
  if (tab === "diff" && isNew(files)) void queries.prefetchQuery(files);
  if (tab === "transcript" && isNew(events)) void queries.prefetchQuery(events);
  if (tab === "diff" || tab === "transcript") parts[tab]().catch(() => undefined);
}
