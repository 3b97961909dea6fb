import { createSign, generateKeyPairSync } from "node:crypto";
import { Octokit, type RestEndpointMethodTypes } from "@octokit/rest";
import { describe, expect, it } from "vitest";
import { silent, stage } from "../testing/stage.ts";
import type { Stage } from "../testing/stage.ts";

const api = { owner: "acme", repo: "api" };
type Created = RestEndpointMethodTypes["pulls"]["create"]["response"];

async function branch(at: Stage, name = "change", files: Record<string, string> = { "a.txt": "a\n" }): Promise<string> {
  return at.github.hands.commit("acme/api", { by: "cody", branch: name, files });
}

async function pull(at: Stage, more: object = {}): Promise<Created> {
  await branch(at);
  return at.octokit("write").pulls.create({ ...api, head: "change", base: "main", title: "Change", ...more });
}

describe("a pull request", () => {
  it("is created as asked, found by its head in all states, and its head follows the branch", async () => {
    await using at = await stage();
    const { data, headers } = await pull(at, { body: "Why", draft: true });
    expect(data).toMatchObject({
      number: 1,
      state: "open",
      draft: true,
      merged: false,
      body: "Why",
      commits: 1,
      changed_files: 1,
      additions: 1,
    });
    expect(data.user).toMatchObject({ login: "cody", type: "User" });
    expect(data.html_url).toBe(`${at.github.url}/acme/api/pull/1`);
    expect(headers["x-codybatch-stand-in"]).toBe("github");
    const sha = await branch(at, "change", { "b.txt": "b\n" });
    const found = await at.octokit("read").pulls.list({ ...api, state: "all", head: "acme:change" });
    expect(found.data.map(({ number, head }) => [number, head.sha])).toEqual([[1, sha]]);
    expect((await at.octokit("read").pulls.list({ ...api, state: "all", head: "acme:other" })).data).toEqual([]);
    expect(await at.git(["ls-remote", at.remote("acme/api"), "refs/pull/1/head"])).toContain(sha);
  });

  it("exists once for each pair of branches while it is open", async () => {
    await using at = await stage();
    await pull(at);
    const again = (): Promise<Created> => at.octokit("write").pulls.create({ ...api, head: "change", base: "main", title: "Again" });
    await expect(again()).rejects.toMatchObject({
      status: 422,
      response: {
        data: {
          message: "Validation Failed",
          errors: [{ resource: "PullRequest", code: "custom", message: "A pull request already exists for acme:change." }],
        },
      },
    });
    at.github.hands.close("acme/api", 1);
    expect((await again()).data.number).toBe(2);
  });

  it.each([
    ["a head that is not there", { head: "nothing" }, [{ field: "head", code: "invalid" }]],
    ["another owner's head", { head: "mallory:change" }, [{ field: "head", code: "invalid" }]],
    ["a base that is not there", { base: "nothing" }, [{ field: "base", code: "invalid" }]],
    ["no title", { title: " " }, [{ field: "title", code: "missing_field" }]],
    ["no commits", { head: "main" }, [{ code: "custom", message: "No commits between main and main" }]],
    ["a title that is too long", { title: "x".repeat(257) }, [{ field: "title", code: "custom" }]],
  ])("with %s is refused", async (_what, wrong, errors) => {
    await using at = await stage();
    await expect(pull(at, wrong)).rejects.toMatchObject({ status: 422, response: { data: { message: "Validation Failed", errors } } });
  });

  it("is updated, closed and opened again, but not once its branch is gone", async () => {
    await using at = await stage();
    await pull(at);
    const update = at.octokit("write").pulls.update;
    const { data } = await update({ ...api, pull_number: 1, title: "New", body: "Text", state: "closed" });
    expect(data).toMatchObject({ title: "New", body: "Text", state: "closed", closed_at: expect.any(String) as string });
    expect((await update({ ...api, pull_number: 1, state: "open" })).data.state).toBe("open");
    await at.github.hands.move("acme/api", "change", undefined, "ann");
    expect((await at.octokit("read").pulls.get({ ...api, pull_number: 1 })).data.state).toBe("closed");
    await expect(update({ ...api, pull_number: 1, state: "open" })).rejects.toMatchObject({ status: 422 });
  });

  it("says only at the second look whether it merges", async () => {
    await using at = await stage();
    await pull(at);
    const look = async (): Promise<unknown> => (await at.octokit("read").pulls.get({ ...api, pull_number: 1 })).data.mergeable;
    // Creating it was the first look, as at GitHub.
    expect([await look(), await look()]).toEqual([true, true]);
    await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { "a.txt": "other\n" } });
    expect([await look(), await look()]).toEqual([null, false]);
    await expect(at.github.hands.merge("acme/api", 1, "ann")).rejects.toThrow("conflicts with main");
  });

  it.each(["merge", "squash", "rebase"] as const)("is merged by a hand with %s", async (method) => {
    await using at = await stage();
    await pull(at);
    const commit = await at.github.hands.merge("acme/api", 1, "ann", method);
    expect(await at.github.hands.tip("acme/api", "main")).toBe(commit);
    const { data } = await at.octokit("read").pulls.get({ ...api, pull_number: 1 });
    expect(data).toMatchObject({ state: "closed", merged: true, merged_by: { login: "ann" }, merge_commit_sha: commit });
    const { data: landed } = await at.octokit("read").repos.getCommit({ ...api, ref: "main" });
    expect(landed.parents).toHaveLength(method === "merge" ? 2 : 1);
    const { data: file } = await at.octokit("read").repos.getContent({ ...api, path: "a.txt" });
    expect(file).toMatchObject({ type: "file", content: "YQo=\n" });
  });
});

describe("labels, reviewers and comments", () => {
  it("labels are made when they are missing, set or added, and known in any case", async () => {
    await using at = await stage();
    await pull(at);
    const { issues } = at.octokit("write");
    await issues.setLabels({ ...api, issue_number: 1, labels: ["maintenance", "node"] });
    const { data } = await issues.addLabels({ ...api, issue_number: 1, labels: ["Maintenance", "new"] });
    expect(data.map(({ name }) => name)).toEqual(["maintenance", "node", "new"]);
    await expect(issues.addLabels({ ...api, issue_number: 1, labels: ["x".repeat(51)] })).rejects.toMatchObject({ status: 422 });
    await expect(issues.setLabels({ ...api, issue_number: 9, labels: ["x"] })).rejects.toMatchObject({ status: 404 });
  });

  it("reviewers must be collaborators, and never the author", async () => {
    await using at = await stage();
    await pull(at);
    const request = (reviewers: string[], teams: string[] = []): Promise<unknown> =>
      at.octokit("write").pulls.requestReviewers({ ...api, pull_number: 1, reviewers, team_reviewers: teams });
    await request(["bob"], ["platform"]);
    await request(["bob", "ann"]);
    const { data } = await at.octokit("read").pulls.listRequestedReviewers({ ...api, pull_number: 1 });
    expect([data.users.map(({ login }) => login), data.teams.map(({ slug }) => slug)]).toEqual([["bob", "ann"], ["platform"]]);
    await expect(request(["mallory"])).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(
        "One or more of the users you specified is not a collaborator of the acme/api repository.",
      ) as string,
    });
    await expect(request([], ["nobody"])).rejects.toMatchObject({ status: 422 });
    await expect(request(["cody"])).rejects.toMatchObject({
      message: expect.stringContaining("Review cannot be requested from pull request author.") as string,
    });
  });

  it("comments are kept and come in pages", async () => {
    await using at = await stage();
    await pull(at);
    const octokit = at.octokit("write");
    for (const body of ["one", "two", "three"]) await octokit.issues.createComment({ ...api, issue_number: 1, body });
    const all = await octokit.paginate(octokit.issues.listComments, { ...api, issue_number: 1, per_page: 2 });
    expect(all.map(({ body, user }) => [body, user?.login])).toEqual([
      ["one", "cody"],
      ["two", "cody"],
      ["three", "cody"],
    ]);
    await expect(octokit.issues.createComment({ ...api, issue_number: 1, body: " " })).rejects.toMatchObject({ status: 422 });
  });
});

describe("a repository", () => {
  it("tells a user's role, and an installation nothing", async () => {
    await using at = await stage();
    const permissions = async (token?: string): Promise<unknown> => (await at.octokit(token).repos.get(api)).data.permissions;
    expect(await permissions("read")).toMatchObject({ admin: false, push: true, pull: true });
    expect(await permissions("foreign")).toMatchObject({ push: false, pull: true });
    expect(await permissions()).toBeUndefined();
    const { data } = await at.octokit("read").repos.get({ owner: "ACME", repo: "Api" });
    expect(data).toMatchObject({ full_name: "acme/api", archived: false, fork: false, default_branch: "main" });
  });

  it("gives refs, matching refs, commits and files, and 404 or 422 for what is not there", async () => {
    await using at = await stage();
    const sha = await branch(at, "codybatch/node");
    const octokit = at.octokit("read");
    expect((await octokit.git.getRef({ ...api, ref: "heads/codybatch/node" })).data.object.sha).toBe(sha);
    expect((await octokit.git.listMatchingRefs({ ...api, ref: "heads/codybatch/" })).data.map(({ ref }) => ref)).toEqual([
      "refs/heads/codybatch/node",
    ]);
    await expect(octokit.git.getRef({ ...api, ref: "heads/codybatch" })).rejects.toMatchObject({ status: 404 });
    expect((await octokit.repos.getCommit({ ...api, ref: "codybatch/node" })).data).toMatchObject({
      sha,
      commit: { author: { email: "cody@acme.invalid" }, verification: { verified: false, reason: "unsigned" } },
      author: { login: "cody" },
      stats: { additions: 1, deletions: 0 },
      files: [{ filename: "a.txt", status: "added" }],
    });
    await expect(octokit.repos.getCommit({ ...api, ref: "nothing" })).rejects.toMatchObject({ status: 422 });
    await expect(octokit.repos.getCommit({ ...api, ref: "--help" })).rejects.toMatchObject({ status: 422 });
    const { data: root } = await octokit.repos.getContent({ ...api, path: "" });
    expect((root as { name: string; type: string }[]).map(({ name, type }) => [name, type])).toEqual([
      [".github", "dir"],
      [".nvmrc", "file"],
      ["README.md", "file"],
    ]);
    await expect(octokit.repos.getContent({ ...api, path: ".codybatchignore" })).rejects.toMatchObject({ status: 404 });
  });

  it("answers a conditional request with 304, which costs nothing", async () => {
    await using at = await stage();
    const octokit = at.octokit("read");
    const first = await octokit.repos.getContent({ ...api, path: ".nvmrc" });
    const conditional = { ...api, path: ".nvmrc", headers: { "if-none-match": first.headers.etag! } };
    await expect(octokit.repos.getContent(conditional)).rejects.toMatchObject({ status: 304 });
    expect((await octokit.rateLimit.get()).data.resources.core.used).toBe(1);
    await at.github.hands.commit("acme/api", { by: "ann", branch: "main", files: { ".nvmrc": "22\n" } });
    expect((await octokit.repos.getContent(conditional)).status).toBe(200);
  });
});

describe("checks", () => {
  it("gives check runs, annotations, the combined status, and a job's log by a redirect", async () => {
    await using at = await stage();
    const sha = await branch(at);
    const { hands } = at.github;
    const annotations = [{ path: "a.txt", line: 1, level: "failure" as const, message: "wrong" }];
    const id = hands.check("acme/api", sha, { name: "test", conclusion: "failure", annotations, log: "line 1\nError: wrong\n" });
    hands.status("acme/api", sha, "legacy", "success");
    const octokit = at.octokit("write");
    const { data } = await octokit.checks.listForRef({ ...api, ref: sha });
    expect(data).toMatchObject({ total_count: 1, check_runs: [{ id, name: "test", status: "completed", conclusion: "failure" }] });
    expect((await octokit.checks.listAnnotations({ ...api, check_run_id: id })).data).toMatchObject([{ path: "a.txt", message: "wrong" }]);
    expect((await octokit.repos.getCombinedStatusForRef({ ...api, ref: sha })).data).toMatchObject({ state: "success", total_count: 1 });
    const log = await octokit.actions.downloadJobLogsForWorkflowRun({ ...api, job_id: id, request: { redirect: "manual" } });
    const address = log.headers.location!;
    expect(await (await fetch(address)).text()).toBe("line 1\nError: wrong\n");
    expect((await fetch(address, { headers: { authorization: "Bearer ghp_write000" } })).status).toBe(400);
  });
});

describe("search", () => {
  it("finds repositories that may be seen, by qualifiers, and their files", async () => {
    await using at = await stage();
    const octokit = at.octokit("read");
    const names = async (q: string): Promise<unknown> => (await octokit.search.repos({ q })).data.items.map((one) => one.full_name);
    expect(await names("org:acme")).toEqual(["acme/api", "acme/vault"]);
    expect(await names("org:acme topic:service")).toEqual(["acme/api"]);
    expect(await names("org:acme -topic:service archived:false")).toEqual(["acme/vault"]);
    const { data } = await octokit.search.code({ q: "org:acme filename:.nvmrc" });
    expect(data.items.map(({ path, repository }) => [repository.full_name, path])).toEqual([["acme/api", ".nvmrc"]]);
    expect((await octokit.search.code({ q: "20 repo:acme/api" })).data.total_count).toBe(1);
    await expect(octokit.search.repos({ q: "org:acme stars:>5" })).rejects.toMatchObject({ status: 422 });
    await expect(at.octokit().search.code({ q: "filename:.nvmrc" })).rejects.toMatchObject({ status: 401 });
  });

  it("shows no more than the first 1000 results", async () => {
    await using at = await stage();
    await expect(at.octokit("read").search.repos({ q: "org:acme", per_page: 100, page: 11 })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining("Only the first 1000 search results are available") as string,
    });
  });
});

describe("what GitHub would not take", () => {
  it.each([
    ["an unknown field", { colour: "red" }, '"colour" is not a permitted key.'],
    ["a missing field", { base: undefined }, '"base" wasn\'t supplied.'],
    ["a wrong type", { draft: "yes" }, "For 'properties/draft', it is not of type boolean."],
  ])("%s is a 422 in GitHub's form", async (_what, wrong, says) => {
    await using at = await stage();
    const request = at
      .octokit("write")
      .request("POST /repos/{owner}/{repo}/pulls", { ...api, head: "change", base: "main", title: "x", ...wrong } as never);
    await expect(request).rejects.toMatchObject({
      status: 422,
      response: { data: { message: `Invalid request.\n\n${says}`, status: "422" } },
    });
  });

  it("an unknown parameter of the query and an impossible number are refused, too", async () => {
    await using at = await stage();
    const octokit = at.octokit("read");
    await expect(octokit.request("GET /repos/acme/api/pulls?colour=red")).rejects.toMatchObject({ status: 422 });
    await expect(octokit.request("GET /repos/acme/api/pulls/one")).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ["nobody", undefined, 401, "Requires authentication"],
    ["a token that only reads", "read", 403, "Resource not accessible by personal access token"],
    ["a stranger", "foreign", 403, "Resource not accessible by personal access token"],
  ])("%s cannot open a pull request", async (_who, token, status, message) => {
    await using at = await stage();
    await branch(at);
    const create = at.octokit(token).pulls.create({ ...api, head: "change", base: "main", title: "x" });
    await expect(create).rejects.toMatchObject({ status, response: { data: { message } } });
    expect(at.github.hands.repository("acme/api").pulls).toEqual([]);
  });

  it("what may not be seen is not there, and a wrong credential is refused everywhere", async () => {
    await using at = await stage();
    await expect(at.octokit("write").repos.get({ owner: "acme", repo: "hidden" })).rejects.toMatchObject({ status: 404 });
    await expect(new Octokit({ baseUrl: at.github.apiURL, auth: "ghp_wrong", log: silent }).repos.get(api)).rejects.toMatchObject({
      status: 401,
      response: { data: { message: "Bad credentials" } },
    });
    at.github.hands.repository("acme/api").archived = true;
    await branch(at);
    await expect(at.octokit("write").pulls.create({ ...api, head: "change", base: "main", title: "x" })).rejects.toMatchObject({
      status: 403,
      response: { data: { message: "Repository was archived so is read-only." } },
    });
  });
});

describe("an App", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const permissions = { contents: "write", pull_requests: "write" } as const;
  const apps = [
    {
      id: 7,
      slug: "cody-batch",
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
      installations: [{ id: 70, account: "acme", permissions, repositories: ["acme/api", "acme/vault"] }],
    },
  ];
  const jwt = (claims: object, key = privateKey): string => {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 30, exp: now + 500, iss: "7", ...claims })}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(key, "base64url")}`;
  };
  const as = (at: Stage, auth: string): Octokit =>
    new Octokit({ baseUrl: at.github.apiURL, log: silent, authStrategy: () => ({ hook: hook(auth) }) });
  const hook =
    (auth: string) =>
    (request: (route: never, parameters: never) => unknown, route: { headers: object }, parameters: object): unknown =>
      request({ ...(route as object), headers: { ...route.headers, authorization: `Bearer ${auth}` } } as never, parameters as never);

  it("makes a token for one repository with some permissions, which says so and lasts an hour", async () => {
    await using at = await stage({ apps });
    const octokit = as(at, jwt({}));
    const { data: installation } = await octokit.apps.getRepoInstallation(api);
    expect(installation).toMatchObject({ id: 70, app_id: 7, repository_selection: "selected" });
    const asked = { installation_id: 70, repositories: ["api"], permissions: { contents: "read" as const } };
    const { data } = await octokit.apps.createInstallationAccessToken(asked);
    expect(data).toMatchObject({ permissions: { contents: "read", metadata: "read" }, repositories: [{ full_name: "acme/api" }] });
    expect(Date.parse(data.expires_at) - Date.now()).toBeGreaterThan(3_500_000);
    const own = as(at, data.token);
    expect((await own.repos.get(api)).data.permissions).toEqual({ admin: false, maintain: false, push: false, triage: false, pull: false });
    await expect(own.repos.get({ owner: "acme", repo: "vault" })).rejects.toMatchObject({ status: 404 });
    await expect(own.pulls.create({ ...api, head: "a", base: "main", title: "x" })).rejects.toMatchObject({
      status: 403,
      response: { data: { message: "Resource not accessible by integration" } },
    });
    const { data: writing } = await octokit.apps.createInstallationAccessToken({ installation_id: 70, repositories: ["api"], permissions });
    await branch(at);
    const { data: opened } = await as(at, writing.token).pulls.create({ ...api, head: "change", base: "main", title: "x" });
    expect(opened.user).toMatchObject({ login: "cody-batch[bot]", type: "Bot" });
    expect(at.github.requests.at(-1)).toMatchObject({
      operation: "pulls/create",
      token: expect.stringMatching(/^installation-70-/) as string,
    });
  });

  it.each([
    ["its id", (octokit: Octokit) => octokit.apps.getInstallation({ installation_id: 70 })],
    ["its organization", (octokit: Octokit) => octokit.apps.getOrgInstallation({ org: "Acme" })],
  ])("finds an installation by %s, and gets no token once it is suspended", async (_by, find) => {
    await using at = await stage({ apps });
    const octokit = as(at, jwt({}));
    expect((await find(octokit)).data).toMatchObject({ id: 70, account: { login: "acme" }, suspended_at: null });
    await expect(octokit.apps.getUserInstallation({ username: "acme" })).rejects.toMatchObject({ status: 404 });
    at.github.hands.suspend(70);
    expect((await find(octokit)).data.suspended_at).not.toBeNull();
    const create = octokit.apps.createInstallationAccessToken({ installation_id: 70 });
    await expect(create).rejects.toMatchObject({ status: 403, message: expect.stringContaining("has been suspended") as string });
  });

  it.each([
    ["a repository that is not installed", { repositories: ["hidden"] }, 422, "There is at least one repository"],
    ["more than was granted", { permissions: { workflows: "write" } }, 422, "The permissions requested are not granted"],
    ["an installation that is not there", { installation_id: 71 }, 404, "Not Found"],
  ])("gets no token for %s", async (_what, wrong, status, says) => {
    await using at = await stage({ apps });
    const create = as(at, jwt({})).apps.createInstallationAccessToken({ installation_id: 70, ...(wrong as object) });
    await expect(create).rejects.toMatchObject({ status, message: expect.stringContaining(says) as string });
  });

  const now = Math.floor(Date.now() / 1000);
  it.each([
    ["has expired", { exp: now - 5 }, "'Expiration time' claim ('exp') must be a numeric value"],
    ["lives too long", { exp: now + 3600 }, "'Expiration time' claim ('exp') is too far in the future"],
    ["comes from the future", { iat: now + 3600 }, "'Issued at' claim ('iat')"],
    ["is of nobody", { iss: "8" }, "Integration not found"],
  ])("whose JWT %s is refused", async (_what, claims, says) => {
    await using at = await stage({ apps });
    await expect(as(at, jwt(claims)).apps.getRepoInstallation(api)).rejects.toThrow(says);
  });

  it("that signs with another key is refused", async () => {
    await using at = await stage({ apps });
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    await expect(as(at, jwt({}, other)).apps.getRepoInstallation(api)).rejects.toThrow("A JSON web token could not be decoded");
    await expect(at.octokit("write").apps.getRepoInstallation(api)).rejects.toMatchObject({ status: 401 });
  });
});
