import { routes } from "@codybatch/dashboard-contract";
import type { Response } from "express";
import { openBatch, requireReady, sightOf, visibleBatches } from "../access/sight.ts";
import type { Binder } from "../http/bind.ts";
import type { Context } from "../http/context.ts";
import { batchRow } from "../list/batches.ts";
import { failureReport } from "../list/failures.ts";
import { repositoryRow } from "../list/repositories.ts";
import { csvReport, jsonReport, markdownReport, type ReportSource } from "../list/report.ts";
import { Ledger } from "../usage/ledger.ts";
import { pricedOf, usageReport } from "../usage/report.ts";
import { attach } from "./repository.ts";

const defaultDays = 30;

/** Usage and failures over all batches, and one batch as a file. */
export function reportRoutes(binder: Binder, context: Context): void {
  const { catalogue, clock, rights } = context;
  const ledger = new Ledger(catalogue, clock);
  binder.json(routes.usage, async ({ viewer, query: { namespace, days = defaultDays } }) => {
    requireReady(context);
    const sight = await sightOf(context, viewer, namespace);
    await ledger.prepare(pricedOf(visibleBatches(context, sight, namespace), sight.cost));
    const visible = visibleBatches(context, sight, namespace);
    return { ...catalogue.freshness(), ...usageReport(ledger, { visible, cost: sight.cost, days, now: clock.date() }) };
  });
  binder.json(routes.failures, async ({ viewer, query }) => {
    requireReady(context);
    const { list } = await sightOf(context, viewer, query.namespace);
    return { ...catalogue.freshness(), ...failureReport(catalogue.failed(), query, list) };
  });
  binder.stream(routes.report, async ({ viewer, query: { namespace, name, format }, response }) => {
    requireReady(context);
    const entry = await openBatch(context, viewer, namespace, name);
    const cost = await rights.may(viewer, "cost", namespace);
    const rows = catalogue.repositoriesOf(namespace, name).map((repository) => repositoryRow(repository, cost));
    const source = {
      batch: batchRow(entry, cost),
      rows: rows.toSorted((a, b) => (a.repository < b.repository ? -1 : 1)),
      now: clock.date(),
    };
    sendReport(response, format, source);
  });
}

const forms = {
  csv: { write: csvReport, type: "text/csv; charset=utf-8", ending: "csv" },
  json: { write: jsonReport, type: "application/json; charset=utf-8", ending: "json" },
  markdown: { write: markdownReport, type: "text/markdown; charset=utf-8", ending: "md" },
} as const;

function sendReport(response: Response, format: keyof typeof forms, source: ReportSource): void {
  const { write, type, ending } = forms[format];
  attach(response, `${source.batch.namespace}-${source.batch.name}.${ending}`);
  response.type(type).end(write(source));
}
