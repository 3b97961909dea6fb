import { GraphQLError, execute, parse, validate } from "graphql";
import type { DocumentNode } from "graphql";
import { z } from "zod";
import { jsonAnswer } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Call } from "../call.ts";
import { Refusal, refusalBody } from "../refusal.ts";
import { nameOfVisitor } from "../rest/rest.ts";
import { timeText } from "../rest/view/links.ts";
import type { Asking } from "./asking.ts";
import { costOf } from "./cost.ts";
import type { Cost } from "./cost.ts";
import { resolveField } from "./field.ts";
import type { Fields } from "./field.ts";
import { rootOf } from "./root.ts";
import { githubSchema } from "./schema.ts";

const Query = z.object({
  query: z.string(),
  variables: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((given) => given ?? {}),
  operationName: z
    .string()
    .nullish()
    .transform((name) => name ?? undefined),
});

/** Answers a GraphQL request. A query that GitHub's schema does not allow, or that asks too much, runs not at all. */
export async function answerGraphQL(asking: Asking, call: Call): Promise<Answer> {
  const { site, visitor } = asking;
  if (visitor.kind !== "token") throw new Refusal(401, "This endpoint requires you to be authenticated.");
  const { query, variables, operationName } = readQuery(call);
  const document = parsed(query);
  if (document instanceof GraphQLError) return refused(asking, [document]);
  const wrong = wrongIn(document);
  if (wrong.length > 0) return refused(asking, wrong);
  const schema = githubSchema();
  const cost = costOf(schema, document, variables);
  if (cost.refused !== undefined) return refused(asking, [new GraphQLError(cost.refused)]);
  const limit = site.limits.take(nameOfVisitor(visitor), { resource: "graphql", isContent: false, amount: cost.points }, site.now());
  if (limit !== undefined) return limited(asking, limit);
  const { data, errors } = await execute({
    schema,
    document,
    rootValue: rootOf(asking, limitFields(asking, cost)),
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
    fieldResolver: resolveField,
    typeResolver: (value) => z.object({ __typename: z.string() }).parse(value).__typename,
  });
  const body = { data, ...(errors === undefined ? {} : { errors: errors.map(errorBody) }) };
  return jsonAnswer(200, body, headersOf(asking));
}

/** The primary limit is an error in a good answer, a secondary one is not. */
function limited(asking: Asking, limit: Refusal): Answer {
  const headers = { ...headersOf(asking), ...limit.headers };
  if ("retry-after" in headers) return jsonAnswer(limit.status, refusalBody(limit), headers);
  return jsonAnswer(200, { errors: [{ type: "RATE_LIMITED", message: limit.message }] }, headers);
}

function readQuery({ body }: Call): z.infer<typeof Query> {
  try {
    return Query.parse(JSON.parse(body.toString("utf8")));
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** What GitHub's schema does not allow, and what the stand-in does not do. */
function wrongIn(document: DocumentNode): readonly GraphQLError[] {
  const changes = document.definitions.some((one) => one.kind === "OperationDefinition" && one.operation !== "query");
  const own = changes ? [new GraphQLError("the stand-in for GitHub resolves queries only")] : [];
  return [...validate(githubSchema(), document), ...own];
}

function refused(asking: Asking, errors: readonly GraphQLError[]): Answer {
  return jsonAnswer(200, { errors: errors.map(errorBody) }, headersOf(asking));
}

/** GitHub gives the kind of an error beside its message. */
function errorBody({ message, path, locations, extensions }: GraphQLError): object {
  const { type } = extensions;
  return { ...(type === undefined ? {} : { type }), ...(path === undefined ? {} : { path }), locations, message };
}

function headersOf({ site, visitor }: Asking): Readonly<Record<string, string>> {
  return site.limits.headers(nameOfVisitor(visitor), "graphql", site.now());
}

function limitFields({ site, visitor }: Asking, { points, nodes }: Cost): Fields {
  const state = (): ReturnType<typeof site.limits.state> => site.limits.state(nameOfVisitor(visitor), "graphql", site.now());
  return {
    __typename: "RateLimit",
    cost: points,
    nodeCount: nodes,
    limit: () => state().limit,
    remaining: () => state().remaining,
    used: () => state().used,
    resetAt: () => timeText(state().reset * 1000),
  };
}
