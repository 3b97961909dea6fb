import type { IncomingMessage } from "node:http";
import { visitorOf } from "./access/visitor.ts";
import type { Visitor } from "./access/visitor.ts";
import { secretOf } from "./access/token.ts";
import { jsonAnswer, textAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { headerOf } from "./call.ts";
import type { Call } from "./call.ts";
import { gitPathOf, serveGit } from "./git/service.ts";
import { addressOf } from "./page/address.ts";
import type { Address } from "./page/address.ts";
import { show } from "./page/show.ts";
import { Refusal, refusalBody } from "./refusal.ts";
import { Rest } from "./rest/rest.ts";
import type { Routed } from "./rest/route.ts";
import type { Site } from "./site.ts";

export type Edition = "github.com" | "enterprise" | undefined;

type Named = Pick<Call, "operation" | "repository" | "writes">;

/** Where each request goes. */
export class Door {
  readonly #site: Site;
  readonly #edition: Edition;
  readonly #rest: Rest;
  /** Until when somebody was asked to wait, by token and repository. Milliseconds. */
  readonly #waits = new Map<string, number>();

  constructor(site: Site, edition: Edition) {
    this.#site = site;
    this.#edition = edition;
    this.#rest = new Rest(site);
  }

  /** What a request is, before anything is done about it. */
  understand(request: IncomingMessage, body: Buffer): Call {
    const { headers, method = "GET", url = "/" } = request;
    const origin = `http://${headerOf(headers, "host") ?? "localhost"}`;
    const { pathname: path, searchParams: query } = new URL(url, origin);
    const token = this.#site.tokens.find(secretOf(headers.authorization) ?? "")?.name;
    const isLoopback = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? "");
    return { method, path, query, headers, body, origin, token, isLoopback, ...this.#named(method, path, query) };
  }

  #named(method: string, path: string, query: URLSearchParams): Named {
    const git = gitPathOf(path, query);
    if (git !== undefined) return { operation: git.operation, repository: git.repository, writes: git.operation === "git/push" };
    if (this.#isGraphQL(path)) return { operation: "graphql", repository: undefined, writes: false };
    const routed = this.#route(method, path);
    if (routed !== undefined) {
      const { owner, repo } = routed.parameters;
      const repository = owner === undefined ? undefined : `${owner}/${repo}`;
      return { operation: routed.operation.id, repository, writes: method !== "GET" };
    }
    const page = this.#page(method, path);
    const repository = page === undefined || page.kind === "site" ? undefined : page.repository;
    const writes = page !== undefined && method === "POST";
    return { operation: writes ? "hand" : page === undefined ? "unknown" : "page", repository, writes };
  }

  async answer(call: Call): Promise<Answer> {
    const git = gitPathOf(call.path, call.query);
    if (git !== undefined) return serveGit(this.#site, call, git);
    const page = this.#page(call.method, call.path);
    if (page !== undefined && (call.operation === "page" || call.operation === "hand")) return show(this.#site, call, page);
    const logs = /^\/_logs\/(\d+)\/(\d+)$/.exec(call.path);
    if (logs !== null) return this.#logs(call, Number(logs[1]), Number(logs[2]));
    try {
      return await this.#api(call);
    } catch (error) {
      if (error instanceof Refusal) return jsonAnswer(error.status, refusalBody(error), error.headers);
      throw error;
    }
  }

  async #api(call: Call): Promise<Answer> {
    if (headerOf(call.headers, "user-agent") === undefined) {
      throw new Refusal(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
    }
    const visitor = this.#visitor(call);
    const links = { api: this.#apiBase(call), web: call.origin };
    if (call.operation === "graphql") {
      // The language takes a while to load, and most who start a stand-in do not use it.
      const { answerGraphQL } = await import("./graphql/graphql.ts");
      return answerGraphQL({ site: this.#site, visitor, links }, call);
    }
    const routed = this.#route(call.method, call.path);
    if (routed !== undefined) return this.#rest.answer({ ...routed, call, visitor, links });
    this.#site.journal.mistakes.push(`asked for ${call.method} ${call.path}, which the stand-in for GitHub does not have`);
    throw new Refusal(501, `the stand-in for GitHub has no ${call.method} ${call.path}`);
  }

  #visitor(call: Call): Visitor {
    return visitorOf(call.headers.authorization, { tokens: this.#site.tokens, apps: this.#site.apps, now: this.#site.now() });
  }

  /** The log of a job, at an address of its own that takes no credential. */
  #logs(call: Call, repository: number, id: number): Answer {
    if (call.headers.authorization !== undefined) return textAnswer(400, "a credential was sent to where GitHub stores logs\n");
    const run = this.#site.store.repositoryById(repository)?.checks.find((one) => one.id === id);
    return run?.log === undefined ? textAnswer(404, "no such log\n") : textAnswer(200, run.log);
  }

  /** Whether somebody comes back before the time that the last answer named. */
  isEarly(call: Call, now: number): boolean {
    return call.token !== undefined && now < (this.#waits.get(waiter(call)) ?? 0);
  }

  /** Remembers until when an answer asks its client to wait, and answers that, in milliseconds. */
  heed(call: Call, answer: Answer, now: number): number | undefined {
    const until = waitUntil(call, answer, now);
    if (until !== undefined) this.#waits.set(waiter(call), until);
    return until;
  }

  /** A path of two names may also be a call that the stand-in does not have. */
  #page(method: string, path: string): Address | undefined {
    const page = addressOf(path);
    if (page === undefined || (method === "POST" && page.kind !== "pull")) return undefined;
    const isKnown = page.kind !== "repository" || this.#site.store.repository(page.repository) !== undefined;
    return isKnown && ["GET", "HEAD", "POST"].includes(method) ? page : undefined;
  }

  #apiBase(call: Call): string {
    return call.path.startsWith("/api/v3/") ? `${call.origin}/api/v3` : call.origin;
  }

  #isGraphQL(path: string): boolean {
    return (path === "/graphql" && this.#edition !== "enterprise") || (path === "/api/graphql" && this.#edition !== "github.com");
  }

  #route(method: string, path: string): Routed | undefined {
    const enterprise = /^\/api\/v3(\/.*)$/.exec(path)?.[1];
    if (enterprise !== undefined) return this.#edition === "github.com" ? undefined : this.#rest.routes.find(method, enterprise);
    return this.#edition === "enterprise" ? undefined : this.#rest.routes.find(method, path);
  }
}

function waitUntil({ operation }: Call, { status, headers }: Answer, now: number): number | undefined {
  const { "retry-after": retryAfter, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset } = headers;
  if (retryAfter !== undefined) return now + Number(retryAfter) * 1000;
  const isLimited = status === 403 || status === 429 || operation === "graphql";
  return isLimited && remaining === "0" ? Number(reset) * 1000 : undefined;
}

/** Publish Jobs share a token, and each has a repository of its own. */
function waiter({ token = "", repository, operation }: Call): string {
  return `${token} ${repository ?? operation}`;
}
