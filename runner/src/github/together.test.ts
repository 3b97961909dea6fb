import { expect, it } from "vitest";
import { apiURLOf, graphqlURLOf } from "./address.ts";
import type { GitHubReader, GraphQLAnswer } from "./reader.ts";
import { askTogether } from "./together.ts";

interface Sent {
  readonly query: string;
  readonly variables: unknown;
}

function answering(answer: GraphQLAnswer, sent: Sent[] = []): GitHubReader {
  return {
    requests: 0,
    search: async () => undefined,
    graphql: async (query, variables) => {
      sent.push({ query, variables });
      return answer;
    },
  };
}

const fields = { selection: "pullRequest(number: #) { state }" };

it("names are variables and never text of the query", async () => {
  const sent: Sent[] = [];
  const repository = 'acme/x") { id } evil: repository(owner: "acme';
  await askTogether(
    answering({ data: {}, faults: [] }, sent),
    [
      { repository, number: 7 },
      { repository: "acme/web", number: 8 },
    ],
    fields,
  );
  expect(sent[0]?.query).not.toContain("evil");
  expect(sent[0]?.query).toContain("r1: repository(owner: $o1, name: $n1) { pullRequest(number: $p1) { state } }");
  expect(sent[0]?.variables).toMatchObject({ o0: "acme", p0: 7, o1: "acme", n1: "web", p1: 8 });
});

it("each gets its own value and its own faults", async () => {
  const missing = { type: "NOT_FOUND", path: ["r1", "pullRequest"], message: "no" };
  const { told } = await askTogether(
    answering({ data: { r0: { a: 1 }, r1: null }, faults: [missing] }),
    [{ repository: "a/b" }, { repository: "a/c" }],
    fields,
  );
  expect(told).toEqual([
    { value: { a: 1 }, faults: [] },
    { value: null, faults: [missing] },
  ]);
});

it.each([
  [
    "a fault of the whole query",
    { data: {}, faults: [{ type: undefined, path: [], message: "Something went wrong" }] },
    "Something went wrong",
  ],
  ["no data", { data: null, faults: [] }, "has no data"],
  ["something else", { data: "text", faults: [] }, "has no data"],
])("%s is a fault that says so", async (_what, answer, words) => {
  await expect(askTogether(answering(answer), [{ repository: "a/b" }], fields)).rejects.toMatchObject({
    name: "Unavailable",
    message: expect.stringContaining(words) as string,
  });
});

it.each([
  ["https://github.com", "https://api.github.com", "https://api.github.com/graphql"],
  ["http://github.com/acme/api.git", "https://api.github.com", "https://api.github.com/graphql"],
  ["http://127.0.0.1:8080/acme/api", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/graphql"],
  ["https://acme.ghe.com", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"],
  ["https://git.acme.example:8443", "https://git.acme.example:8443/api/v3", "https://git.acme.example:8443/api/graphql"],
  ["https://notgithub.com", "https://notgithub.com/api/v3", "https://notgithub.com/api/graphql"],
])("the API of %s is at %s and %s", (origin, rest, graphql) => {
  expect(apiURLOf(origin)).toBe(rest);
  expect(graphqlURLOf(rest)).toBe(graphql);
  expect(graphqlURLOf(`${rest}/`)).toBe(graphql);
});
