import { burndown, routes } from "@codybatch/dashboard-contract";
import { detailRights, openBatch, requireReady, requireRight, sightOf, visibleBatches } from "../access/sight.ts";
import { batchDetail } from "../detail/batch.ts";
import type { Binder } from "../http/bind.ts";
import type { Context } from "../http/context.ts";
import { listBatches } from "../list/batches.ts";
import { burndownRow } from "../list/burndown-row.ts";
import { listRepositories } from "../list/repositories.ts";
import { batchUsage } from "../usage/batch.ts";

/** The list of batches, and what one batch shows above and in its table. */
export function batchRoutes(binder: Binder, context: Context): void {
  const { catalogue, client, clock } = context;
  binder.json(routes.batches, async ({ viewer, query }) => {
    requireReady(context);
    const sight = await sightOf(context, viewer, query.namespace);
    return { ...catalogue.freshness(), ...listBatches(visibleBatches(context, sight), query, sight.cost) };
  });
  binder.json(routes.batch, async ({ viewer, params: { namespace, name } }) => {
    requireReady(context);
    await openBatch(context, viewer, namespace, name);
    const freshness = catalogue.freshness();
    const rights = await detailRights(context, viewer, namespace);
    const repositories = catalogue.repositoriesOf(namespace, name);
    return { ...freshness, ...(await batchDetail({ client, namespace, name, repositories, rights })) };
  });
  binder.json(routes.repositories, async ({ viewer, params: { namespace, name }, query }) => {
    requireReady(context);
    await openBatch(context, viewer, namespace, name);
    const { cost } = await detailRights(context, viewer, namespace);
    return { ...catalogue.freshness(), ...listRepositories(catalogue.repositoriesOf(namespace, name), query, cost) };
  });
  binder.json(routes.batchUsage, async ({ viewer, params: { namespace, name } }) => {
    requireReady(context);
    const batch = await openBatch(context, viewer, namespace, name);
    await requireRight(context, viewer, "cost", namespace);
    return { ...catalogue.freshness(), ...batchUsage(batch, catalogue.repositoriesOf(namespace, name)) };
  });
  binder.json(routes.burndown, async ({ viewer, params: { namespace, name } }) => {
    requireReady(context);
    await openBatch(context, viewer, namespace, name);
    const points = [...burndown(catalogue.repositoriesOf(namespace, name).map(burndownRow))];
    return { ...catalogue.freshness(), now: clock.date().getTime(), points };
  });
}
