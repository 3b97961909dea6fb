/** One of the errors beside the data of a GraphQL answer. */
export interface GraphQLFault {
  /** GitHub's word, such as NOT_FOUND; undefined where it gives none. */
  readonly type: string | undefined;
  /** Where in the answer, the alias first; empty when it is about the whole query. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface GraphQLAnswer {
  readonly data: unknown;
  readonly faults: readonly GraphQLFault[];
}

/** What discovery and tracking ask of GitHub. It only reads, waits where a wait is short, and throws where asking again now makes no sense, as {@link Host.ask} does. */
export interface GitHubReader {
  /** A page of a hundred of repository or code search, from 1. */
  search(kind: "repositories" | "code", query: string, page: number): Promise<unknown>;
  /** A partial answer is an answer: what of it failed stands in `faults`. */
  graphql(query: string, variables: Readonly<Record<string, string | number>>): Promise<GraphQLAnswer>;
  /** Requests sent so far, those included that came to nothing. */
  readonly requests: number;
}
