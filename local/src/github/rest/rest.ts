import { decide } from "../access/visitor.ts";
import type { Visitor, Wanted } from "../access/visitor.ts";
import { jsonAnswer } from "../answer.ts";
import type { Answer } from "../answer.ts";
import { headerOf } from "../call.ts";
import type { Call } from "../call.ts";
import { Refusal, notFound, refusalBody } from "../refusal.ts";
import type { Site } from "../site.ts";
import type { Repository } from "../state/model.ts";
import type { Context, InRepository, Reply } from "./context.ts";
import { Contract } from "./contract.ts";
import type { Operation } from "./contract.ts";
import { appFrom } from "./handler/apps.ts";
import { etagOf } from "./handler/repository.ts";
import { handlings } from "./operation.ts";
import type { Handling } from "./operation.ts";
import { Routes } from "./route.ts";
import type { Routed } from "./route.ts";
import type { Links } from "./view/links.ts";

interface Asked extends Routed {
  readonly call: Call;
  readonly visitor: Visitor;
  readonly links: Links;
}

/** One for every stand-in of a process: to compile its schemas takes longer than all else of a start. */
const contract = new Contract();

/** The REST API: what comes in and what goes out is held against GitHub's description. */
export class Rest {
  readonly routes = new Routes(contract);
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Answers a request for one operation. Throws what is no {@link Refusal}. */
  async answer(asked: Asked): Promise<Answer> {
    const { operation } = asked;
    const handling = handlings[operation.id];
    if (handling === undefined) throw new Error(`the stand-in does not handle ${operation.id}`);
    const limits = this.#limitHeaders(asked.visitor, handling);
    try {
      const reply = await this.#reply(asked, handling);
      return this.#conditional(asked, handling, this.#checked(operation, reply, { ...limits(), ...reply.headers }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const body = refusalBody(error, operation.documentation);
      const headers = { ...limits(), ...error.headers };
      return this.#checked(operation, { status: error.status, body }, headers);
    }
  }

  async #reply(asked: Asked, handling: Handling): Promise<Reply> {
    const { operation, call, visitor } = asked;
    this.#countIn(asked, handling);
    const parameters = contract.parameters(operation, asked.parameters);
    if (parameters === undefined) throw notFound();
    const repository = this.#repositoryOf(asked, handling);
    const query = contract.query(operation, Object.fromEntries(call.query));
    const body = contract.body(operation, call.body);
    const context: Context = { site: this.#site, call, visitor, links: asked.links, params: { ...parameters, ...query }, body };
    if (handling.needs === "nothing" || handling.needs === "app") return handling.handle(context);
    if (repository === undefined) throw notFound();
    const inRepository: InRepository = { ...context, repository };
    return this.#site.turns.take(`rest ${repository.id}`, () => handling.handle(inRepository));
  }

  #countIn({ visitor, call }: Asked, { limit }: Handling): void {
    if (limit === undefined) return;
    const cost = { resource: limit, isContent: call.writes && visitor.kind !== "app", amount: 1 };
    const refusal = this.#site.limits.take(nameOfVisitor(visitor), cost, this.#site.now());
    if (refusal !== undefined) throw refusal;
  }

  /** The repository of the path where the visitor may do this. Throws as GitHub does: what may not be seen is not there. */
  #repositoryOf(asked: Asked, { needs }: Handling): Repository | undefined {
    if (needs === "nothing" || needs === "app") return undefined;
    const { parameters, visitor, call } = asked;
    const repository = this.#site.store.repository(`${parameters["owner"]}/${parameters["repo"]}`);
    if (needs === "installed") {
      appFrom({ visitor });
      return repository;
    }
    if (repository === undefined) throw notFound();
    this.#demand(visitor, repository, needs);
    if (call.method !== "GET" && repository.archived) throw new Refusal(403, "Repository was archived so is read-only.");
    return repository;
  }

  #demand(visitor: Visitor, repository: Repository, needs: readonly Wanted[]): void {
    const decisions = needs.map((wanted) => decide(visitor, repository, wanted, this.#site.store));
    if (decisions.every((one) => one === "hidden")) throw notFound();
    if (!decisions.includes("granted")) throw forbidden(visitor, needs);
  }

  #limitHeaders(visitor: Visitor, { limit }: Handling): () => Readonly<Record<string, string>> {
    if (limit === undefined) return () => ({});
    return () => this.#site.limits.headers(nameOfVisitor(visitor), limit, this.#site.now());
  }

  #checked(operation: Operation, { status, body }: Reply, headers: Readonly<Record<string, string>>): Answer {
    const plain: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    const mistake = contract.mistake(operation, status, plain);
    if (mistake !== undefined) {
      this.#site.journal.mistakes.push(mistake);
      return jsonAnswer(500, { message: `the stand-in would have given an answer that GitHub cannot give: ${mistake}` });
    }
    return body === undefined ? { status, headers, body: Buffer.alloc(0) } : jsonAnswer(status, body, headers);
  }

  /** What the client has already is not sent again, and costs nothing. */
  #conditional({ call, visitor }: Asked, { limit }: Handling, answer: Answer): Answer {
    if (call.method !== "GET" || answer.status !== 200) return answer;
    const etag = etagOf(answer.body);
    const headers = { ...answer.headers, etag, "cache-control": "private, max-age=60, s-maxage=60" };
    if (headerOf(call.headers, "if-none-match")?.replace(/^W\//, "") !== etag) return { ...answer, headers };
    if (limit !== undefined) this.#site.limits.giveBack(nameOfVisitor(visitor), limit, this.#site.now());
    return { status: 304, headers, body: Buffer.alloc(0) };
  }
}

/** What the limits know somebody by; anonymous is nobody. */
export function nameOfVisitor(visitor: Visitor): string {
  if (visitor.kind === "anonymous") return "";
  return visitor.kind === "token" ? visitor.token.name : `app ${visitor.app.slug}`;
}

function forbidden(visitor: Visitor, needs: readonly Wanted[]): Refusal {
  if (visitor.kind === "anonymous") return new Refusal(401, "Requires authentication");
  const isPersonal = visitor.kind === "token" && visitor.token.kind === "personal";
  const accepted = needs.map(({ permission, level }) => `${permission}=${level}`).join("; ");
  const message = `Resource not accessible by ${isPersonal ? "personal access token" : "integration"}`;
  return new Refusal(403, message, { headers: { "x-accepted-github-permissions": accepted } });
}
