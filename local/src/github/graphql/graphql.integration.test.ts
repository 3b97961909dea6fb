import { expect, it } from "vitest";
import { acme, stage } from "../testing/stage.ts";
import type { Stage } from "../testing/stage.ts";

const repository = 'repository(owner: "acme", name: "api")';
const tracked = `query ($number: Int!) { rateLimit { cost remaining } ${repository} { pullRequest(number: $number) {
  state isDraft mergeable reviewDecision headRefOid mergedAt closedAt url
  commits(last: 1) { nodes { commit { oid statusCheckRollup { state } authors(first: 5) { nodes { email user { login } } } } } }
} } }`;

async function open(at: Stage): Promise<string> {
  const sha = await at.github.hands.commit("acme/api", { by: "cody", branch: "change", files: { "a.txt": "a\n" } });
  await at.octokit("write").pulls.create({ owner: "acme", repo: "api", head: "change", base: "main", title: "Change", draft: true });
  return sha;
}

async function ask(at: Stage, query: string, variables: object = {}, token = "read"): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${at.github.token(token)!.text}`, "user-agent": "test" };
  const response = await fetch(`${at.github.url}/api/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return { status: response.status, ...((await response.json()) as object) };
}

it("a pull request can be followed from its draft to its merge", async () => {
  await using at = await stage();
  const sha = await open(at);
  const { hands } = at.github;
  const look = async (): Promise<unknown> => at.octokit("read").graphql(tracked, { number: 1 });
  const base = { headRefOid: sha, url: `${at.github.url}/acme/api/pull/1` };
  expect(await look()).toMatchObject({
    rateLimit: { cost: 1, remaining: 4999 },
    repository: {
      pullRequest: {
        ...base,
        state: "OPEN",
        isDraft: true,
        mergeable: "MERGEABLE",
        reviewDecision: null,
        mergedAt: null,
        commits: { nodes: [{ commit: { oid: sha, statusCheckRollup: null, authors: { nodes: [{ user: { login: "cody" } }] } } }] },
      },
    },
  });
  hands.ready("acme/api", 1);
  hands.repository("acme/api").requiredReviews = 1;
  hands.check("acme/api", sha, { name: "test", conclusion: "failure" });
  hands.review("acme/api", 1, "bob", "CHANGES_REQUESTED");
  const rollup = (state: string): object => ({ nodes: [{ commit: { statusCheckRollup: { state } } }] });
  expect(await look()).toMatchObject({
    repository: { pullRequest: { isDraft: false, reviewDecision: "CHANGES_REQUESTED", commits: rollup("FAILURE") } },
  });
  hands.check("acme/api", sha, { name: "test", conclusion: "success" });
  hands.review("acme/api", 1, "bob", "APPROVED");
  await hands.merge("acme/api", 1, "ann");
  expect(await look()).toMatchObject({
    repository: {
      pullRequest: {
        state: "MERGED",
        reviewDecision: "APPROVED",
        mergedAt: expect.any(String) as string,
        commits: rollup("SUCCESS"),
      },
    },
  });
});

it("reviews decide nothing where none is demanded, and can be asked for", async () => {
  await using at = await stage();
  await open(at);
  const { hands } = at.github;
  hands.review("acme/api", 1, "bob", "CHANGES_REQUESTED");
  hands.review("acme/api", 1, "bob", "APPROVED");
  hands.review("acme/api", 1, "mallory", "CHANGES_REQUESTED");
  const reviews = (rest: string): string => `latestOpinionatedReviews(first: 9${rest}) { nodes { state } }`;
  const query = `{ ${repository} { pullRequest(number: 1) { reviewDecision all: ${reviews("")} writers: ${reviews(", writersOnly: true")} } } }`;
  const approved = { state: "APPROVED" };
  expect(await ask(at, query)).toMatchObject({
    data: {
      repository: {
        pullRequest: {
          reviewDecision: null,
          all: { nodes: [approved, { state: "CHANGES_REQUESTED" }] },
          writers: { nodes: [approved] },
        },
      },
    },
  });
});

it("a file of the default branch can be asked for by those who may read it", async () => {
  const narrow = { name: "narrow", token: "ghp_narrow00", user: "cody", permissions: { pull_requests: "read" } } as const;
  await using at = await stage({ tokens: [...acme.tokens, narrow] });
  const object = (path: string): string => `object(expression: "HEAD:${path}") { __typename }`;
  const query = `{ ${repository} { file: ${object(".nvmrc")} folder: ${object(".github")} none: ${object(".codybatchignore")} } }`;
  const answer = { file: { __typename: "Blob" }, folder: { __typename: "Tree" }, none: null };
  expect(await ask(at, query)).toMatchObject({ data: { repository: answer } });
  const vault = `{ repository(owner: "acme", name: "vault") { name ${object("README.md")} } }`;
  expect(await ask(at, vault, {}, "narrow")).toMatchObject({
    data: { repository: { name: "vault", object: null } },
    errors: [{ type: "FORBIDDEN", path: ["repository", "object"] }],
  });
});

it("a conflict with the base is seen after a moment of not knowing", async () => {
  await using at = await stage();
  await open(at);
  await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { "a.txt": "other\n" } });
  const look = async (): Promise<unknown> => (await ask(at, `{ ${repository} { pullRequest(number: 1) { mergeable } } }`))["data"];
  expect([await look(), await look()]).toEqual([
    { repository: { pullRequest: { mergeable: "UNKNOWN" } } },
    { repository: { pullRequest: { mergeable: "CONFLICTING" } } },
  ]);
});

it("many are asked for at once by alias and by search", async () => {
  await using at = await stage();
  await open(at);
  const query = `{ a: ${repository} { pullRequest(number: 1) { state } } b: repository(owner: "acme", name: "hidden") { pullRequest(number: 1) { state } }
    search(query: "repo:acme/api is:pr is:open head:change", type: ISSUE, first: 10) { issueCount nodes { ... on PullRequest { number } } } }`;
  expect(await ask(at, query)).toMatchObject({
    data: { a: { pullRequest: { state: "OPEN" } }, b: null, search: { issueCount: 1, nodes: [{ number: 1 }] } },
    errors: [{ type: "NOT_FOUND", path: ["b"], message: "Could not resolve to a Repository with the name 'acme/hidden'." }],
  });
});

it("the authors of each commit show a human among them", async () => {
  await using at = await stage();
  await open(at);
  await at.github.hands.commit("acme/api", { by: "ann", branch: "change", files: { "b.txt": "b\n" } });
  const query = `{ ${repository} { pullRequest(number: 1) { commits(first: 10) { totalCount nodes { commit { author { name user { login } } } } } } } }`;
  const author = (login: string): object => ({ commit: { author: { user: { login } } } });
  expect(await ask(at, query)).toMatchObject({
    data: { repository: { pullRequest: { commits: { totalCount: 2, nodes: [author("cody"), author("ann")] } } } },
  });
});

it.each([
  ["a field that GitHub's schema does not have", "{ viewer { shoeSize } }", 'Cannot query field "shoeSize" on type "User"'],
  ["what is no GraphQL", "{ viewer {", "Syntax Error"],
  [
    "a connection without its length",
    `{ ${repository} { pullRequests { totalCount } } }`,
    "You must provide a `first` or `last` value to properly paginate the `pullRequests` connection.",
  ],
  [
    "more than a hundred at once",
    `{ ${repository} { pullRequests(first: 101) { totalCount } } }`,
    "Requesting 101 records on the `pullRequests` connection exceeds the `first` limit of 100 records.",
  ],
  [
    "more nodes than GitHub gives",
    `{ ${repository} { pullRequests(first: 100) { nodes { commits(first: 100) { nodes { commit { authors(first: 100) { totalCount } } } } } } } }`,
    "exceeds the maximum limit of 500,000",
  ],
  ["a change", 'mutation { addStar(input: {starrableId: "x"}) { clientMutationId } }', "the stand-in for GitHub resolves queries only"],
])("%s is refused and nothing is resolved", async (_what, query, says) => {
  await using at = await stage();
  expect(await ask(at, query)).toEqual({
    status: 200,
    errors: [expect.objectContaining({ message: expect.stringContaining(says) as string })],
  });
});

it("a field that the stand-in does not resolve is an error that names it, and never a null", async () => {
  await using at = await stage();
  const { errors } = await ask(at, `{ ${repository} { stargazerCount } }`);
  expect(errors).toMatchObject([{ type: "STAND_IN", message: "the stand-in for GitHub does not resolve Repository.stargazerCount" }]);
});

it("what a query costs is taken from its own limit, which then refuses", async () => {
  await using at = await stage({ limits: { graphql: 3 } });
  const query = `{ rateLimit { cost nodeCount remaining } ${repository} { pullRequests(first: 100) { nodes { commits(first: 1) { totalCount } } } } }`;
  expect(await ask(at, query)).toMatchObject({ data: { rateLimit: { cost: 1, nodeCount: 200, remaining: 2 } } });
  await ask(at, query);
  await ask(at, query);
  expect(await ask(at, query)).toMatchObject({
    status: 200,
    errors: [{ type: "RATE_LIMITED", message: expect.stringContaining("API rate limit exceeded") as string }],
  });
});

it("nobody gets anything without a token", async () => {
  await using at = await stage();
  const response = await fetch(`${at.github.url}/graphql`, {
    method: "POST",
    body: '{"query":"{viewer{login}}"}',
    headers: { "user-agent": "test" },
  });
  expect(response.status).toBe(401);
});
