import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSchema } from "graphql";
import type { GraphQLSchema } from "graphql";

let schema: GraphQLSchema | undefined;

/** GitHub's own schema; read once, since that takes half a second. The package itself would build it twice. */
export function githubSchema(): GraphQLSchema {
  schema ??= buildSchema(readFileSync(fileURLToPath(new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema"))), "utf8"), {
    assumeValid: true,
  });
  return schema;
}
