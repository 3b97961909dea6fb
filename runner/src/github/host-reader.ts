import { z } from "zod";
import { graphqlURLOf } from "./address.ts";
import { RateLimited } from "./fault.ts";
import type { Host } from "./host.ts";
import { unsaidMs } from "./limit.ts";
import type { GitHubReader, GraphQLAnswer } from "./reader.ts";

const pageSize = 100;

/** The searches and queries of {@link GitHubReader} over the client that publishing uses, with the read credential. */
export class HostReader implements GitHubReader {
  readonly #host: Host;
  readonly #apiURL: string;
  readonly #now: () => number;

  constructor(host: Host, apiURL: string, now: () => number) {
    this.#host = host;
    this.#apiURL = apiURL;
    this.#now = now;
  }

  get requests(): number {
    return this.#host.requests;
  }

  async search(kind: "repositories" | "code", q: string, page: number): Promise<unknown> {
    const asked = { q, page, per_page: pageSize };
    return await this.#host.ask(z.unknown(), "repeatable", (octokit) =>
      kind === "code" ? octokit.rest.search.code(asked) : octokit.rest.search.repos(asked),
    );
  }

  async graphql(query: string, variables: Readonly<Record<string, string | number>>): Promise<GraphQLAnswer> {
    const url = graphqlURLOf(this.#apiURL);
    const { body, reset } = await this.#host.ask(Answer, "repeatable", async (octokit) => {
      const { data, headers } = await octokit.request({ method: "POST", url, query, variables });
      return { data: { body: data, reset: headers["x-ratelimit-reset"] } };
    });
    const faults = (body.errors ?? []).map(({ type, path, message }) => ({ type: type ?? undefined, path: path ?? [], message }));
    const limited = faults.find(({ type }) => type === "RATE_LIMITED");
    // The primary limit of GraphQL is an error in an answer that is otherwise good.
    if (limited !== undefined) {
      const until = reset === undefined ? this.#now() + unsaidMs : reset * 1000;
      throw new RateLimited(new URL(url).host, until, { says: limited.message });
    }
    return { data: body.data, faults };
  }
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
