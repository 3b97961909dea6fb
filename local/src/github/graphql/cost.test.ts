import { parse } from "graphql";
import { expect, it } from "vitest";
import { costOf } from "./cost.ts";
import { githubSchema } from "./schema.ts";

const pulls = (inner: string, first: number | string = 100): string =>
  `query ($n: Int) { repository(owner: "a", name: "b") { pullRequests(first: ${first}) { nodes { ${inner} } } } }`;

it.each([
  ["{ viewer { login } }", 1, 0],
  [pulls("number"), 1, 100],
  [pulls("commits(last: 1) { totalCount }"), 1, 200],
  [pulls("labels(first: 10) { totalCount } commits(last: 1) { totalCount }"), 2, 1200],
  [pulls("comments(first: 50) { nodes { reactions(first: 2) { totalCount } } }"), 51, 15_100],
  [pulls("number", "$n"), 1, 7],
])("%s costs %i points and reaches %i nodes", (query, points, nodes) => {
  expect(costOf(githubSchema(), parse(query), { n: 7 })).toEqual({ points, nodes, refused: undefined });
});
