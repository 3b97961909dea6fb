import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "../api.ts";
import { answerAboutServer } from "../discovery/paths.ts";
import { answerReview } from "../review/review.ts";
import { dispatch } from "../verbs/dispatch.ts";
import type { Hub } from "../watch/hub.ts";
import { lineWriter } from "../watch/line-writer.ts";
import { WatchStream } from "../watch/stream.ts";
import type { WatchTimings } from "../watch/stream.ts";
import { readBody } from "./body.ts";
import type { Answer, ApiRequest } from "./exchange.ts";
import type { Fault, FaultSource } from "./fault.ts";
import { refuseBrowsers } from "./guard.ts";
import { targetOf } from "./route.ts";
import { send, sendError, statusOf } from "./send.ts";
import { StatusError, noSuchPath } from "./status.ts";

export interface HandlerOptions {
  readonly api: Api;
  readonly hub: Hub;
  readonly timings: WatchTimings;
  readonly faults: FaultSource;
  readonly onError: (error: StatusError, path: string) => void;
}

/** Answers HTTP requests, and knows the watches that are open. */
export class Handler {
  private readonly options: HandlerOptions;
  private readonly watches = new Set<WatchStream>();

  constructor(options: HandlerOptions) {
    this.options = options;
  }

  /** Answers one request; never throws. */
  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      refuseBrowsers(incoming.headers);
      const request = await requestOf(incoming);
      await this.answer(request, response);
    } catch (error) {
      this.refuse(error, incoming, response);
    }
  }

  /** Ends every watch with a bookmark. */
  close(): void {
    for (const watch of this.watches) watch.finish();
  }

  private refuse(error: unknown, incoming: IncomingMessage, response: ServerResponse): void {
    // A client that went away has nobody to answer, and is no fault.
    if (incoming.destroyed && !incoming.complete) return;
    const status = statusOf(error);
    if (status.code >= 500) this.options.onError(status, incoming.url ?? "");
    if (response.headersSent) response.destroy();
    else sendError(response, status);
  }

  private async answer(request: ApiRequest, response: ServerResponse): Promise<void> {
    const { method, path, query } = request;
    const watch = method === "GET" && isWatch(query);
    const fault = this.options.faults({ method, path, query, watch });
    if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    if (fault?.kind === "answer" || fault?.kind === "reset" || fault?.kind === "silence") await this.fail(request, response, fault);
    else if (watch) await this.watch(request, response, fault);
    else send(response, await this.result(request));
  }

  private async fail(
    request: ApiRequest,
    response: ServerResponse,
    fault: Fault & { kind: "answer" | "reset" | "silence" },
  ): Promise<void> {
    if (fault.commitFirst === true) await this.result(request);
    if (fault.kind === "reset") response.socket?.resetAndDestroy();
    if (fault.kind !== "answer") return;
    const { status, reason = "InternalError", retryAfterSeconds } = fault;
    sendError(response, new StatusError({ code: status, reason, message: "a fault asked for by a test" }), retryAfterSeconds);
  }

  private async result(request: ApiRequest): Promise<Answer> {
    const { api } = this.options;
    const aside = answerAboutServer(api, request) ?? answerReview(api, request);
    if (aside !== undefined) return aside;
    const target = targetOf(api.registry, request.path);
    if (target === undefined) throw noSuchPath();
    return dispatch(api, request, target);
  }

  private async watch(request: ApiRequest, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const { api, hub, timings } = this.options;
    const target = targetOf(api.registry, request.path);
    if (target === undefined || target.subresource !== undefined) throw noSuchPath();
    const stream = new WatchStream(api, request, target, { hub, timings, response, write: lineWriter(response, fault) });
    this.watches.add(stream);
    response.on("close", () => this.watches.delete(stream));
    await stream.run();
  }
}

function isWatch(query: URLSearchParams): boolean {
  const value = query.get("watch");
  return value === "true" || value === "1";
}

async function requestOf(incoming: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(incoming.url ?? "/", "http://server");
  const { authorization, accept, "content-type": contentType } = incoming.headers;
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    accept: accept ?? "*/*",
    contentType,
    token: /^Bearer (.+)$/i.exec(authorization ?? "")?.[1],
    body: await readBody(incoming),
  };
}
