import { z } from "zod";
import { Unavailable } from "./fault.ts";
import type { GitHubReader, GraphQLFault } from "./reader.ts";

/** Something in a repository that is asked for together with others. */
export interface Asked {
  /** `owner/name`. */
  readonly repository: string;
  /** Goes into the query as `$number` of the fields; without it the query has none. */
  readonly number?: number;
}

/** What a query takes of one repository. */
export interface Fields {
  /** What stands within `repository { … }`; `#` is replaced by the number's variable. */
  readonly selection: string;
  /** Fragments that it uses. */
  readonly fragments?: string;
}

/** The answer for one of them: what was found there, and what GitHub said instead. */
export interface Told {
  readonly value: unknown;
  readonly faults: readonly GraphQLFault[];
}

const RateLimit = z.object({ cost: z.int(), remaining: z.int(), resetAt: z.iso.datetime() });
export type RateLimit = z.infer<typeof RateLimit>;

const Data = z.looseObject({ rateLimit: RateLimit.nullish() }).nullish();

/** Asks for many repositories with one query, each under an alias of its own, so that a missing one costs the others nothing. Throws {@link Unavailable} for no answer to any. */
export async function askTogether(
  reader: GitHubReader,
  asked: readonly Asked[],
  fields: Fields,
): Promise<{ readonly told: readonly Told[]; readonly rateLimit: RateLimit | undefined }> {
  const { data, faults } = await reader.graphql(queryOf(asked, fields), variablesOf(asked));
  const whole = faults.find(({ path }) => aliasIndex(path) === undefined);
  if (whole !== undefined) throw new Unavailable(`GitHub did not answer the query: ${whole.message.slice(0, 300)}`);
  const { success, data: read } = Data.safeParse(data);
  if (!success || read == null) throw new Unavailable("GitHub's answer to the query has no data");
  const told = asked.map((_, index) => ({ value: read[`r${index}`], faults: faults.filter(({ path }) => aliasIndex(path) === index) }));
  return { told, rateLimit: read.rateLimit ?? undefined };
}

/** Names go as variables, never as text of the query. GitHub follows renames, so an answer may bear another name. */
function queryOf(asked: readonly Asked[], { selection, fragments = "" }: Fields): string {
  const parameters = asked.map(
    ({ number }, index) => `$o${index}: String!, $n${index}: String!${number === undefined ? "" : `, $p${index}: Int!`}`,
  );
  const parts = asked.map(
    (_, index) => `r${index}: repository(owner: $o${index}, name: $n${index}) { ${selection.replaceAll("#", `$p${index}`)} }`,
  );
  return `query (${parameters.join(", ")}) { rateLimit { cost remaining resetAt } ${parts.join("\n")} }\n${fragments}`;
}

function variablesOf(asked: readonly Asked[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    asked.flatMap(({ repository, number }, index) => {
      const [owner = "", name = ""] = repository.split("/");
      return [
        [`o${index}`, owner] as const,
        [`n${index}`, name] as const,
        ...(number === undefined ? [] : [[`p${index}`, number] as const]),
      ];
    }),
  );
}

function aliasIndex([alias]: GraphQLFault["path"]): number | undefined {
  const digits = /^r(\d+)$/.exec(String(alias))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
