import { routes } from "@codybatch/dashboard-contract";
import compression from "compression";
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { pinoHttp } from "pino-http";
import { batchRoutes } from "../routes/batches.ts";
import { reportRoutes } from "../routes/reports.ts";
import { repositoryRoutes } from "../routes/repository.ts";
import { openRoutes, sessionRoutes } from "../routes/session.ts";
import { transcriptRoutes } from "../routes/transcript.ts";
import { answerFault, requestLog } from "./answer-fault.ts";
import { Binder } from "./bind.ts";
import type { Context } from "./context.ts";
import { securityHeaders } from "./headers.ts";
import { pages } from "./page.ts";
import { requestRate, strangerRate } from "./rate.ts";
import { Refusal } from "./refusal.ts";

/** Everything that is served on the port for people. */
export async function createApp(context: Context): Promise<Express> {
  const { config, log, door } = context;
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  if (config.proxyPeers.length > 0) app.set("trust proxy", [...config.proxyPeers]);
  app.use(pinoHttp(requestLog(log)), ...securityHeaders(), measured(context));
  app.get("/healthz", (_request, response) => void response.type("text/plain").send("ok\n"));
  app.get("/readyz", (_request, response) => sayReady(context, response));
  app.use("/api", noStore, requestRate(config.perMinute.requests), strangerRate(config.perMinute.requests));
  app.use(compression({ filter: isCompressible }));
  const api = express.Router();
  const binder = new Binder(api, door);
  openRoutes(api, context);
  sessionRoutes(binder, context);
  batchRoutes(binder, context);
  repositoryRoutes(binder, context);
  transcriptRoutes(binder, context);
  reportRoutes(binder, context);
  streamRoute(binder, context);
  app.use(api);
  app.use("/api", (_request, _response, next) => next(new Refusal("NotFound", "There is no such address. See /api/v1/openapi.json.")));
  app.use(await pages(config.webDirectory));
  app.use((_request, _response, next) => next(new Refusal("NotFound", "There is no such page.")));
  app.use(answerFault(log));
  return app;
}

function streamRoute(binder: Binder, { streams, catalogue }: Context): void {
  binder.stream(routes.stream, async ({ viewer, query: { topics, since }, request, response }) => {
    if (!catalogue.ready)
      throw new Refusal("Unavailable", "The dashboard is still reading the cluster. Try again in a moment.", { retryAfterSeconds: 2 });
    if (request.method === "HEAD") response.end();
    else await streams.answer(request, response, viewer, { topics, since: request.get("last-event-id") ?? since });
  });
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader("cache-control", "no-store");
  next();
};

/** A compressed stream would wait for more; a range must keep its bytes. */
function isCompressible(request: Request, response: Response): boolean {
  const type = String(response.getHeader("content-type") ?? "");
  if (type.startsWith("text/event-stream") || response.statusCode === 206) return false;
  return compression.filter(request, response) || type.startsWith("application/jsonl");
}

function sayReady({ catalogue }: Context, response: Response): void {
  response.type("text/plain");
  if (catalogue.ready) response.send("ok\n");
  else response.status(503).send(`${catalogue.missing ?? "no list yet"}\n`);
}

/** By the route's pattern, never by names of objects. */
function measured({ metrics, clock }: Context): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const begun = clock.now();
    response.on("finish", () => {
      const route: unknown = Reflect.get(request, "route");
      const path = typeof route === "object" && route !== null ? Reflect.get(route, "path") : undefined;
      const labels = { route: typeof path === "string" ? path : "other", status: String(response.statusCode) };
      if (path !== routes.stream.path) metrics.requestSeconds.observe(labels, (clock.now() - begun) / 1000);
    });
    next();
  };
}
