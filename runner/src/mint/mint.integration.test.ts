import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DiscoverResult, PublishResult, RunResult, TrackResult } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { type Stage, stage } from "../../../local/src/github/testing/stage.ts";
import { Publication } from "../publish/testing/publication.ts";
import { appSecret, command, inputs, mint, type Minted, pkcs1, privateKey, withApp } from "./testing/minting.ts";

const all = { contents: "write", pull_requests: "write", checks: "read", statuses: "read", workflows: "write" } as const;
const makes = "apps/create-installation-access-token";

/** Status of a request with the token that was made, and what the stand-in knows of that token. */
async function use(at: Stage, { token = "" }: Minted, path: string) {
  const { status } = await fetch(`${at.github.apiURL}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status, known: at.github.token(at.github.requests.at(-1)?.token ?? "") };
}

describe("a token is made for its task alone", () => {
  it.each([
    ["change", { contents: "read", metadata: "read" }, 404],
    ["publish", { contents: "write", pull_requests: "write", metadata: "read" }, 404],
    ["discover", { contents: "read", metadata: "read" }, 200],
    ["track", { contents: "read", pull_requests: "read", checks: "read", statuses: "read", metadata: "read" }, 200],
  ] as const)("%s", async (task, permissions, elsewhere) => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at)[task], { secret: appSecret });
    expect(minted).toMatchObject({ code: 0, result: undefined, token: expect.stringMatching(/^ghs_/) as string });
    const { status, known } = await use(at, minted, "/repos/acme/api");
    expect({ status, permissions: known?.permissions, account: known?.account }).toEqual({ status: 200, permissions, account: "acme" });
    expect((await use(at, minted, "/repos/acme/vault")).status).toBe(elsewhere);
    expect((await use(at, minted, "/repos/cody/own")).status).toBe(404);
    expect(readdirSync(minted.folder("github-token"))).toEqual(["token"]);
    expect(minted.log).not.toContain(minted.token);
    expect(minted.log).not.toContain(pkcs1.split("\n")[1]);
  });

  it("with workflows where the change may touch them and the App may write them, and without where it may not", async () => {
    await using at = await stage(withApp(all));
    using may = await mint({ ...inputs(at).publish, allowsWorkflows: true }, { secret: appSecret });
    expect((await use(at, may, "/repos/acme/api")).known?.permissions).toMatchObject({ workflows: "write" });
    await using other = await stage(withApp({ contents: "write", pull_requests: "write" }));
    using mayNot = await mint({ ...inputs(other).publish, allowsWorkflows: true }, { secret: appSecret });
    expect((await use(other, mayNot, "/repos/acme/api")).known?.permissions).not.toHaveProperty("workflows");
  });

  const ciFailure = { pullRequest: 1, url: "https://github.com/acme/api/pull/1", headSHA: "0".repeat(40) };
  it.each([
    [
      "a change that mends failed checks",
      "change",
      { ciFailure },
      { contents: "read", checks: "read", statuses: "read", metadata: "read" },
    ],
    ["closing", "publish", { close: { number: 1, comment: "x" } }, { contents: "read", pull_requests: "write", metadata: "read" }],
  ] as const)("%s", async (...[, task, more, permissions]) => {
    await using at = await stage(withApp(all));
    using minted = await mint({ ...inputs(at)[task], ...more }, { secret: appSecret });
    expect((await use(at, minted, "/repos/acme/api")).known?.permissions).toEqual(permissions);
  });

  it("by the client ID, a PKCS#8 key and the installation's number, at an address of its own", async () => {
    await using at = await stage(withApp(all));
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const secret = { "app-id": "Iv1.7\n", "private-key": key, "installation-id": "71\n" };
    const input = { ...inputs(at).discover, githubURL: "https://github.invalid", selector: { search: "topic:service" } };
    using minted = await mint(input, { secret, env: { GITHUB_API_URL: `${at.github.apiURL}/` } });
    expect((await use(at, minted, "/repos/cody/own")).status).toBe(200);
  });

  it("from the installation at a user", async () => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, "cody/own").track, { secret: appSecret });
    expect((await use(at, minted, "/repos/cody/own")).status).toBe(200);
  });

  it("after a fault of the host that passes", async () => {
    await using at = await stage(withApp(all));
    at.github.fail({ operation: makes, status: 502, times: 1 });
    using minted = await mint(inputs(at).change, { secret: appSecret });
    expect(minted.token).toMatch(/^ghs_/);
  });
});

describe("without an App", () => {
  it.each([
    ["the Secret's own token goes on as it is, also beside an App", { ...appSecret, token: "ghp_0123456789\n" }, "ghp_0123456789"],
    ["an empty Secret, or none, is no token", {}, undefined],
  ])("%s, and nobody is asked", async (_what, secret, token) => {
    await using at = await stage();
    using minted = await mint(inputs(at).change, { secret });
    expect(minted).toMatchObject({ code: 0, token, result: undefined });
    expect(at.github.requests).toEqual([]);
  });
});

const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const ed25519 = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("where no token can be made, the result of a change says why", () => {
  it.each([
    ["half an App", { "app-id": "7" }, "acme/api", "KeyMissing", /no "private-key"\. Add it, .*spec\.credentials\.githubReadSecret/],
    ["a key that is no RSA key", { ...appSecret, "private-key": ed25519 }, "acme/api", "AppRejected", /"private-key" is no RSA key/],
    ["a text that is no key", { ...appSecret, "private-key": "secret" }, "acme/api", "AppRejected", /"private-key" is no RSA key/],
    ["an id that is none", { ...appSecret, "app-id": "my app" }, "acme/api", "AppRejected", /"app-id" is neither/],
    ["a key of another App", { ...appSecret, "private-key": other }, "acme/api", "AppRejected", /the key is not the App's/],
    ["an unknown App", { ...appSecret, "app-id": "8" }, "acme/api", "AppRejected", /no App of this id/],
    ["a repository that it is not installed on", appSecret, "acme/hidden", "AppNotInstalled", /not installed on acme\/hidden/],
    ["another installation", { ...appSecret, "installation-id": "71" }, "acme/vault", "AppNotInstalled", /belongs to installation 70/],
    ["a number that is none", { ...appSecret, "installation-id": "acme" }, "acme/api", "AppRejected", /"installation-id" is no number/],
  ] as const)("%s", async (...[, secret, name, reason, message]) => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, name).change, { secret });
    expect(minted).toMatchObject({ code: 0, token: undefined });
    expect(RunResult.parse(minted.result)).toMatchObject({
      reason,
      message: expect.stringMatching(message) as string,
      usage: { turns: 0 },
    });
  });

  it("an App that lacks a permission, by its name", async () => {
    await using at = await stage(withApp({ pull_requests: "read" }));
    using minted = await mint(inputs(at).change, { secret: appSecret });
    expect(minted.result).toMatchObject({
      reason: "RepositoryForbidden",
      message: expect.stringContaining("lacks contents: read at acme") as string,
    });
  });

  it("an App that is suspended", async () => {
    await using at = await stage(withApp(all));
    at.github.hands.suspend(70);
    using minted = await mint(inputs(at, "acme/vault").change, { secret: appSecret });
    expect(minted.result).toMatchObject({ reason: "AppNotInstalled", message: expect.stringContaining("suspended at acme") as string });
  });

  it("a host that does not answer", async () => {
    await using at = await stage(withApp(all));
    at.github.fail({ operation: makes, status: 503, times: 10 });
    using minted = await mint(inputs(at).change, { secret: appSecret });
    expect(minted.result).toMatchObject({ reason: "CloneFailed", message: expect.stringContaining("answers 503") as string });
  });

  it("but not for a public repository, which needs none", async () => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, "mallory/open").change, { secret: appSecret });
    expect(minted).toMatchObject({ code: 0, token: undefined, result: undefined });
  });
});

describe("where no token can be made, other tasks end in their own words", () => {
  const forms = { publish: PublishResult, discover: DiscoverResult, track: TrackResult } as const;

  it.each([
    ["publish", { "app-id": "7" }, "CredentialMissing"],
    ["publish", { ...appSecret, "private-key": other }, "CredentialRejected"],
    ["discover", { "private-key": pkcs1 }, "CredentialMissing"],
    ["track", { ...appSecret, "app-id": "8" }, "CredentialRejected"],
  ] as const)("%s with %o: %s", async (task, secret, reason) => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at)[task], { secret });
    expect(forms[task].parse(minted.result).outcome).toMatchObject({ kind: "Refused", reason });
  });

  it("what the App may not do is not ours to publish, or a permission that is named", async () => {
    await using at = await stage(withApp({ contents: "write" }));
    using lacking = await mint(inputs(at).publish, { secret: appSecret });
    const message = expect.stringContaining("lacks pull_requests: write") as string;
    expect(PublishResult.parse(lacking.result).outcome).toMatchObject({ kind: "Refused", reason: "PermissionMissing", message });
    using foreign = await mint(inputs(at, "mallory/open").publish, { secret: appSecret });
    expect(PublishResult.parse(foreign.result).outcome).toMatchObject({ kind: "Refused", reason: "NotOwned" });
  });

  it("a search that says nothing of whose repositories it wants, and pull requests of two accounts", async () => {
    await using at = await stage(withApp(all));
    using search = await mint({ ...inputs(at).discover, selector: { search: "topic:service" } }, { secret: appSecret });
    const advice = expect.stringContaining('"installation-id"') as string;
    expect(DiscoverResult.parse(search.result).outcome).toMatchObject({ reason: "CredentialMissing", message: advice });
    const { track } = inputs(at);
    const pullRequests = [...track.pullRequests, ...inputs(at, "cody/own").track.pullRequests];
    using look = await mint({ ...track, pullRequests }, { secret: appSecret });
    const result = TrackResult.parse(look.result);
    expect(result.outcome).toMatchObject({ reason: "PermissionMissing", message: expect.stringContaining("2: acme, cody") as string });
    expect(result.pullRequests.map(({ kind }) => kind)).toEqual(["Unseen", "Unseen"]);
  });

  it("a limit that is longer than a Job waits, with its time", async () => {
    await using at = await stage(withApp(all));
    at.github.fail({ operation: makes, status: 403, message: "You have exceeded a secondary rate limit", retryAfterSeconds: 3600 });
    using minted = await mint(inputs(at).publish, { secret: appSecret });
    const { outcome, requests } = PublishResult.parse(minted.result);
    expect(outcome.kind === "RateLimited" && Date.parse(outcome.until) - Date.now()).toBeGreaterThan(3_500_000);
    expect(requests).toEqual({ api: 2, git: 0 });
  });
});

describe("the container that follows", () => {
  /** Clone with the token's volume in place of the Secret. */
  async function clone({ folder }: Minted): Promise<number> {
    for (const name of ["git", "workspace", "tmp", "base"]) mkdirSync(folder(name));
    const names = ["input", "git", "workspace", "out", "tmp", "base"].map((name) => [`CODYBATCH_${name.toUpperCase()}_DIR`, folder(name)]);
    return (await command("clone", { ...Object.fromEntries(names), CODYBATCH_GITHUB_READ_DIR: folder("github-token") })).code;
  }

  it("clones a private repository with the token, and has never written", async () => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, "acme/vault").change, { secret: appSecret });
    expect(await clone(minted)).toBe(0);
    expect(readFileSync(join(minted.folder("workspace"), "README.md"), "utf8")).toBe("vault\n");
    const byToken = at.github.requests.filter(({ token }) => token?.startsWith("installation-"));
    expect(byToken.length).toBeGreaterThan(0);
    expect(byToken.filter(({ writes, repository }) => writes || repository !== "acme/vault")).toEqual([]);
  });

  it("publishes with a token for that repository alone, as the App's bot, and overwrites nothing", async () => {
    await using at = await stage(withApp(all));
    using publication = new Publication(at);
    using minted = await mint(publication.input, { secret: appSecret });
    const { result } = await publication.run({ env: { CODYBATCH_GITHUB_WRITE_DIR: minted.folder("github-token") } });
    expect(result).toMatchObject({ outcome: { kind: "Published", pullRequest: { number: 1 } }, warnings: [] });
    const { known } = await use(at, minted, "/repos/acme/api");
    expect(known?.repositories).toEqual([at.github.hands.repository("acme/api").id]);
    const writes = at.github.requests.filter((request) => request.writes && request.operation !== makes);
    expect(new Set(writes.map(({ token, repository }) => `${token} ${repository}`))).toEqual(new Set([`${known?.name} acme/api`]));
    expect(at.github.pushes.filter(({ forced, actor }) => forced || actor !== "cody-batch[bot]")).toEqual([]);
  });

  it("ends at once where no token was made, with the toolbox's script in place and the result as it was", async () => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, "acme/hidden").change, { secret: appSecret });
    const requests = at.github.requests.length;
    expect(await clone(minted)).toBe(0);
    expect(at.github.requests).toHaveLength(requests);
    expect(readdirSync(minted.folder("base"))).toEqual(["toolbox.sh"]);
    expect(readdirSync(minted.folder("workspace"))).toEqual([]);
    expect(JSON.parse(readFileSync(join(minted.folder("out"), "result.json"), "utf8"))).toEqual(minted.result);
  });

  it("is left alone when its result is there already, and an old token goes", async () => {
    await using at = await stage(withApp(all));
    using minted = await mint(inputs(at, "acme/hidden").change, { secret: appSecret });
    writeFileSync(join(minted.folder("github-token"), "token"), "old");
    const names = ["input", "github-app", "github-token", "out"].map((name) => [
      `CODYBATCH_${name.toUpperCase().replace("-", "_")}_DIR`,
      minted.folder(name),
    ]);
    expect((await command("mint", Object.fromEntries(names))).code).toBe(0);
    expect(readdirSync(minted.folder("github-token"))).toEqual([]);
    expect(JSON.parse(readFileSync(join(minted.folder("out"), "result.json"), "utf8"))).toEqual(minted.result);
  });
});
