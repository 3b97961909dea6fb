import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { readBatchSearch } from "../batch/search.ts";
import { readBatchesSearch } from "../batches/search.ts";
import { readFailuresSearch } from "../failures/search.ts";
import { beginRepository } from "../repository/begin.ts";
import { parts } from "../repository/parts.ts";
import { readRepositorySearch } from "../repository/search.ts";
import { parseSearch, stringifySearch } from "../url/search.ts";
import { readUsageSearch } from "../usage/search.ts";
import { Lost, Broken } from "./lost.tsx";
import { part } from "./part.ts";
import { queries } from "./queries.ts";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: Lost, errorComponent: Broken });
const under = () => root;

const batches = createRoute({
  getParentRoute: under,
  path: "/",
  validateSearch: readBatchesSearch,
  component: lazyRouteComponent(() => part(import("../batches/page.tsx")), "BatchesPage"),
});
const batch = createRoute({
  getParentRoute: under,
  path: "/batches/$namespace/$name",
  validateSearch: readBatchSearch,
  component: lazyRouteComponent(() => part(import("../batch/page.tsx")), "BatchPage"),
});
const repository = createRoute({
  getParentRoute: under,
  path: "/batches/$namespace/$name/$changeset",
  validateSearch: readRepositorySearch,
  loaderDeps: ({ search: { tab, attempt } }) => ({ tab, attempt }),
  loader: ({ params, deps, cause }) => {
    if (cause !== "preload") beginRepository(queries, params, deps);
  },
  component: lazyRouteComponent(() => part(parts.page()), "RepositoryPage"),
});
const usage = createRoute({
  getParentRoute: under,
  path: "/usage",
  validateSearch: readUsageSearch,
  component: lazyRouteComponent(() => part(import("../usage/page.tsx")), "UsagePage"),
});
const failures = createRoute({
  getParentRoute: under,
  path: "/failures",
  validateSearch: readFailuresSearch,
  component: lazyRouteComponent(() => part(import("../failures/page.tsx")), "FailuresPage"),
});
const compose = createRoute({
  getParentRoute: under,
  path: "/compose",
  component: lazyRouteComponent(() => part(import("../compose/page.tsx")), "ComposePage"),
});

export const router = createRouter({
  routeTree: root.addChildren([batches, batch, repository, usage, failures, compose]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  // What a link that is pointed at made ready are parts of the pages; answers are kept by the queries.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: Lost,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
