import { TypeInfo, getNamedType, isObjectType, visit, visitWithTypeInfo } from "graphql";
import type { DocumentNode, FieldNode, GraphQLSchema } from "graphql";

/** What GitHub counts of a query before it runs it. */
export interface Cost {
  readonly points: number;
  readonly nodes: number;
  /** Why GitHub refuses it, in its words. */
  readonly refused: string | undefined;
}

/** GitHub's own most of a query and of one connection. */
const mostNodes = 500_000;
const mostOfOne = 100;

/**
 * Counts the nodes that a query can reach: a connection's `first` or `last` times those of the connections around it, and a
 * point for a hundred requests that fulfil them. Fragments count where they are written, without what is around their use.
 */
export function costOf(schema: GraphQLSchema, document: DocumentNode, variables: Readonly<Record<string, unknown>>): Cost {
  const types = new TypeInfo(schema);
  const around: number[] = [];
  let nodes = 0;
  let requests = 0;
  let refused: string | undefined;
  const enter = (field: FieldNode): void => {
    const type = getNamedType(types.getType());
    if (!isObjectType(type) || !type.name.endsWith("Connection")) return;
    const size = sizeOf(field, variables);
    refused ??= reasonOf(field, size);
    requests += around.reduce((product, one) => product * one, 1);
    around.push(size?.value ?? 1);
    nodes += around.reduce((product, one) => product * one, 1);
  };
  const leave = (): void => {
    const type = getNamedType(types.getType());
    if (isObjectType(type) && type.name.endsWith("Connection")) around.pop();
  };
  visit(document, visitWithTypeInfo(types, { Field: { enter, leave } }));
  if (nodes > mostNodes) refused ??= `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`;
  return { points: Math.max(1, Math.round(requests / 100)), nodes, refused };
}

interface Size {
  readonly name: string;
  readonly value: number;
}

function sizeOf({ arguments: given = [] }: FieldNode, variables: Readonly<Record<string, unknown>>): Size | undefined {
  for (const { name, value } of given) {
    if (name.value !== "first" && name.value !== "last") continue;
    const number =
      value.kind === "Variable" ? Number(variables[value.name.value]) : value.kind === "IntValue" ? Number(value.value) : Number.NaN;
    if (Number.isInteger(number)) return { name: name.value, value: number };
  }
  return undefined;
}

function reasonOf({ name }: FieldNode, size: Size | undefined): string | undefined {
  if (size === undefined) return `You must provide a \`first\` or \`last\` value to properly paginate the \`${name.value}\` connection.`;
  if (size.value <= mostOfOne) return undefined;
  return `Requesting ${size.value} records on the \`${name.value}\` connection exceeds the \`${size.name}\` limit of ${mostOfOne} records.`;
}
