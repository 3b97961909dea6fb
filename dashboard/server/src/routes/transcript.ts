import { routes } from "@codybatch/dashboard-contract";
import type { Response } from "express";
import type { Binder } from "../http/bind.ts";
import type { Context } from "../http/context.ts";
import { eventOf, linesOf } from "../payload/line.ts";
import { outlineOf, search } from "../payload/outline.ts";
import { pageOfEvents, withoutUsage } from "../payload/shown.ts";
import { readTranscript } from "../payload/transcript.ts";
import { attach, openRepository } from "./repository.ts";

/** A transcript by pages, by search and as it is stored. */
export function transcriptRoutes(binder: Binder, context: Context): void {
  const { shelf, rights } = context;
  binder.json(routes.transcript, async ({ viewer, params, query }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "transcript");
    const mayCost = await rights.may(viewer, "cost", params.namespace);
    return pageOfEvents(await readTranscript(shelf, subject, query.attempt, claim), { ...query, mayCost });
  });
  binder.json(routes.transcriptOutline, async ({ viewer, params, query }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "transcript");
    return outlineOf(await readTranscript(shelf, subject, query.attempt, claim));
  });
  binder.json(routes.transcriptSearch, async ({ viewer, params, query }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "transcript");
    return search(await readTranscript(shelf, subject, query.attempt, claim), query.q);
  });
  binder.stream(routes.transcriptRaw, async ({ viewer, params, query, response }) => {
    const { subject, claim } = await openRepository(context, viewer, params, "transcript");
    const { attempt, text } = await readTranscript(shelf, subject, query.attempt, claim);
    attach(response, `${params.changeset}-${attempt}.jsonl`);
    response.type("application/jsonl; charset=utf-8");
    if (await rights.may(viewer, "cost", params.namespace)) response.end(text);
    else sendWithoutUsage(response, text);
  });
}

function sendWithoutUsage(response: Response, text: Buffer): void {
  for (const [start, end] of linesOf(text)) response.write(`${JSON.stringify(withoutUsage(eventOf(text.subarray(start, end))))}\n`);
  response.end();
}
