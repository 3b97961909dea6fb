import { GraphQLError } from "graphql";
import type { GraphQLFieldResolver } from "graphql";

/** The fields of one object that the stand-in answers; a function is asked only when the field is. */
export type Fields = { readonly __typename: string } & Readonly<Record<string, unknown>>;

/** Refuses a field that nobody resolves, so that a query never gets a null which GitHub would not have given. */
export const resolveField: GraphQLFieldResolver<Record<string, unknown>, unknown> = (
  source,
  parameters,
  context,
  { fieldName, parentType },
) => {
  if (!Object.hasOwn(source, fieldName)) throw unresolved(`${parentType.name}.${fieldName}`);
  const value = source[fieldName];
  return typeof value === "function" ? value(parameters, context) : value;
};

export function unresolved(what: string): GraphQLError {
  return new GraphQLError(`the stand-in for GitHub does not resolve ${what}`, { extensions: { type: "STAND_IN" } });
}

/** A page of a connection: `first`, `last`, `after` and `before` as in Relay. */
export function connection(typename: string, items: readonly unknown[], given: Readonly<Record<string, unknown>>): Fields {
  const after = indexOf(given["after"]);
  const before = indexOf(given["before"]);
  const from = after === undefined ? 0 : after + 1;
  const rest = items.slice(from, before ?? items.length);
  const first = typeof given["first"] === "number" ? rest.slice(0, given["first"]) : rest;
  const last = typeof given["last"] === "number" ? first.slice(-given["last"]) : first;
  const start = typeof given["last"] === "number" ? from + first.length - last.length : from;
  const end = start + last.length;
  return {
    __typename: typename,
    totalCount: items.length,
    nodes: last,
    edges: last.map((node, index) => ({ node, cursor: cursorOf(start + index) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: last.length === 0 ? null : cursorOf(start),
      endCursor: last.length === 0 ? null : cursorOf(end - 1),
    },
  };
}

function cursorOf(index: number): string {
  return Buffer.from(`cursor:${index}`).toString("base64");
}

function indexOf(cursor: unknown): number | undefined {
  if (typeof cursor !== "string") return undefined;
  const index = Number(Buffer.from(cursor, "base64").toString("utf8").replace("cursor:", ""));
  if (!Number.isInteger(index))
    throw new GraphQLError(`\`${cursor}\` does not appear to be a valid cursor.`, { extensions: { type: "INVALID_CURSOR_ARGUMENTS" } });
  return index;
}
