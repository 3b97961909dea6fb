import { z } from "zod";
import { Answered, RateLimited, Refused, Unavailable } from "../publish/fault.ts";
import type { Host } from "../publish/host/host.ts";
import { graphqlURLOf } from "./address.ts";
import { GitHubFault } from "./fault.ts";
import type { GitHubReader, GraphQLAnswer } from "./reader.ts";

const pageSize = 100;

/** The searches and queries of {@link GitHubReader} over the client that publishing uses, with the read credential. */
export class HostReader implements GitHubReader {
  readonly #host: Host;
  readonly #apiURL: string;

  constructor(host: Host, apiURL: string) {
    this.#host = host;
    this.#apiURL = apiURL;
  }

  get requests(): number {
    return this.#host.requests;
  }

  async search(kind: "repositories" | "code", q: string, page: number): Promise<unknown> {
    const asked = { q, page, per_page: pageSize };
    return await this.#host
      .ask(z.unknown(), "repeatable", (octokit) => (kind === "code" ? octokit.rest.search.code(asked) : octokit.rest.search.repos(asked)))
      .catch((error: unknown) => this.#fault(error));
  }

  async graphql(query: string, variables: Readonly<Record<string, string | number>>): Promise<GraphQLAnswer> {
    const url = graphqlURLOf(this.#apiURL);
    const { body, reset } = await this.#host
      .ask(Answer, "repeatable", async (octokit) => {
        const { data, headers } = await octokit.request({ method: "POST", url, query, variables });
        return { data: { body: data, reset: headers["x-ratelimit-reset"] } };
      })
      .catch((error: unknown) => this.#fault(error));
    const faults = (body.errors ?? []).map(({ type, path, message }) => ({ type: type ?? undefined, path: path ?? [], message }));
    const limited = faults.find(({ type }) => type === "RATE_LIMITED");
    // The primary limit of GraphQL is an error in an answer that is otherwise good.
    if (limited !== undefined)
      throw new GitHubFault("RateLimited", limited.message, { until: reset === undefined ? undefined : reset * 1000 });
    return { data: body.data, faults };
  }

  #fault(error: unknown): never {
    const cause = { cause: error };
    const { host } = new URL(this.#apiURL);
    if (error instanceof RateLimited) throw new GitHubFault("RateLimited", error.message, { ...cause, until: error.until });
    if (error instanceof Unavailable) throw new GitHubFault("Unavailable", `${error.message}. It is asked again at the next run.`, cause);
    if (error instanceof Refused) throw new GitHubFault("CredentialRejected", rejected(host), cause);
    if (!(error instanceof Answered)) throw error;
    if (error.status === 422) throw new GitHubFault("Invalid", error.message, cause);
    if (error.status === 403) throw new GitHubFault("PermissionMissing", forbidden(host, error.message), cause);
    throw new GitHubFault("Unavailable", unlike(host, error), cause);
  }
}

function rejected(host: string): string {
  return `${host} does not accept the read credential: it is wrong, expired or revoked. Renew it in the Secret that spec.credentials.githubReadSecret names.`;
}

function forbidden(host: string, words: string): string {
  return `${host} refuses the read credential: ${words}. Give it what that names, at least metadata, contents and pull_requests to read.`;
}

function unlike(host: string, { status, message }: Answered): string {
  return `${host} answers ${status} (${message.slice(0, 200)}), as GitHub's API does not. Check the address of the API.`;
}

const Fault = z.object({
  type: z.string().nullish(),
  path: z.array(z.union([z.string(), z.int()])).nullish(),
  message: z.string(),
});

const Answer = z.object({
  body: z.object({ data: z.unknown().optional(), errors: z.array(Fault).nullish() }),
  reset: z.coerce.number().int().optional(),
});
