import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths, urlOf } from "@codybatch/dashboard-contract";
import { resources } from "@codybatch/operator";
import { expect, it } from "vitest";
import { eventually, stages, type Stage } from "../testing/stage.ts";

const open = stages();

async function withTwoTeams(): Promise<Stage> {
  const stage = await open();
  const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, costUSD: "1.50" };
  await stage.batch("team-a", "node-24", { status: { phase: "Running", usage } });
  await stage.batch("team-b", "secret-plan", { status: { phase: "Running", usage } });
  await eventually("both are listed", async () => (await stage.get(paths.batches)).body.total === 2);
  return stage;
}

it("shows each of three people what the API server would let them see", async () => {
  const stage = await withTwoTeams();
  const names = async (as: string) =>
    (await stage.get(paths.batches, { as })).body.items?.map((row: { name: string }) => row.name).toSorted();
  expect(await names("approver")).toEqual(["node-24", "secret-plan"]);
  expect(await names("viewer")).toEqual(["node-24"]);
  const stranger = await stage.get(paths.batches, { as: "stranger" });
  expect(stranger.status).toBe(403);
  expect(stranger.body.error).toMatchObject({
    kind: "Forbidden",
    needs: { verb: "list", resource: "batchchanges", group: "codybatch.dev" },
  });
  expect((await stage.get(`${paths.batches}?namespace=team-b`, { as: "viewer" })).body.error.needs.namespace).toBe("team-b");
});

it("answers the same for what is not there and what may not be seen", async () => {
  const stage = await withTwoTeams();
  const unseen = await stage.get(urlOf("batch", { params: { namespace: "team-b", name: "secret-plan" } }), { as: "viewer" });
  const absent = await stage.get(urlOf("batch", { params: { namespace: "team-b", name: "no-such-plan" } }), { as: "viewer" });
  const nowhere = await stage.get(urlOf("batch", { params: { namespace: "team-x", name: "secret-plan" } }), { as: "approver" });
  expect([unseen.status, absent.status, nowhere.status]).toEqual([404, 404, 404]);
  expect(unseen.text).toBe(absent.text);
});

it("leaves every cost out for those without the right to it", async () => {
  const stage = await withTwoTeams();
  const params = { namespace: "team-a", name: "node-24" };
  const pages = [paths.batches, urlOf("batch", { params }), `${paths.report}?namespace=team-a&name=node-24&format=json`];
  for (const page of pages) {
    expect((await stage.get(page, { as: "viewer" })).text).not.toMatch(/costUSD|budgetUSD|"usage"|1\.50/);
    expect((await stage.get(page, { as: "approver" })).text).toMatch(/costUSD/);
  }
  const refused = await stage.get(urlOf("batchUsage", { params }), { as: "viewer" });
  expect(refused.body.error).toMatchObject({
    kind: "Forbidden",
    needs: { verb: "get", resource: "batchchanges/cost", namespace: "team-a" },
  });
  const report = (await stage.get(paths.usage, { as: "viewer" })).body;
  expect(report).toMatchObject({ hidden: ["team-a"], rates: { all: { batches: 1 } } });
  expect(report.total).toBeUndefined();
});

it("asks for a session with a reason, and never sends anybody elsewhere", async () => {
  const stage = await open();
  const without = await stage.get(paths.me, { as: "" });
  expect([without.status, without.body.error.reason, without.headers.get("location")]).toEqual([401, "NoToken", null]);
  expect((await stage.get(paths.me, { as: "nobody" })).body.error.reason).toBe("TokenRefused");
  expect((await stage.get(paths.me, { as: "", cookie: `codybatch=${"x".repeat(43)}` })).body.error.reason).toBe("TokenExpired");
  expect((await stage.get(`${paths.batches}?phase=Nonsense`, { as: "" })).status).toBe(401);
});

it("keeps the token on the server: the browser has a cookie that scripts cannot read", async () => {
  const stage = await open();
  const login = await stage.get(paths.login, { method: "POST", body: { token: "viewer" }, as: "" });
  expect([login.status, login.body.user]).toEqual([200, "viewer@example.com"]);
  const [cookie = ""] = login.headers.getSetCookie();
  expect(cookie).toMatch(/^codybatch=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  const pair = cookie.split(";")[0] ?? "";
  expect((await stage.get(paths.me, { cookie: pair })).body.user).toBe("viewer@example.com");
  await stage.get(paths.logout, { cookie: pair });
  expect((await stage.get(paths.me, { cookie: pair })).body.error.reason).toBe("TokenExpired");
});

it("marks the cookie Secure for every host but this machine", async () => {
  const stage = await open();
  const login = await new Promise<string>((resolve, reject) => {
    const headers = { host: "cody-batch.example", "content-type": "application/json" };
    const sent = request(`${stage.url}${paths.login}`, { method: "POST", headers }, (answer) => {
      resolve(String(answer.resume().headers["set-cookie"]));
    });
    sent.on("error", reject).end(JSON.stringify({ token: "viewer" }));
  });
  expect(login).toMatch(/^__Host-codybatch=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
});

it("takes a login from its own page alone", async () => {
  const stage = await open();
  const post = { method: "POST", body: { token: "viewer" }, as: "" };
  for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }]) {
    expect((await stage.get(paths.login, { ...post, headers })).status).toBe(403);
  }
  expect((await stage.get(paths.login, { ...post, headers: { origin: stage.url, "sec-fetch-site": "same-origin" } })).status).toBe(200);
});

it("stops somebody who guesses tokens", async () => {
  const stage = await open({ CODYBATCH_DASHBOARD_LOGINS_PER_MINUTE: "3" });
  const statuses: number[] = [];
  for (let guess = 0; guess < 5; guess += 1) {
    statuses.push((await stage.get(paths.login, { method: "POST", body: { token: `guess-${guess}` }, as: "" })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
});

it("ends a session when the API server no longer knows the token", async () => {
  let later = 0;
  const clock = (): Date => new Date(Date.now() + later);
  const stage = await open({ CODYBATCH_DASHBOARD_TOKEN_CACHE_SECONDS: "0.01" }, { clock });
  await stage.create(resources.serviceAccounts, "team-a", { metadata: { name: "reader" } });
  const accounts = `${stage.api.url}/api/v1/namespaces/team-a/serviceaccounts/reader/token`;
  const body = JSON.stringify({ spec: { audiences: ["codybatch-dashboard"], expirationSeconds: 600 } });
  const made = await fetch(accounts, { method: "POST", body, headers: { "content-type": "application/json" } });
  const { status } = (await made.json()) as { status: { token: string } };
  const login = await stage.get(paths.login, { method: "POST", body: { token: status.token }, as: "" });
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect((await stage.get(paths.me, { cookie })).body.user).toBe("system:serviceaccount:team-a:reader");
  later = 700_000;
  const over = await eventually("the session is over", async () => {
    const answer = await stage.get(paths.me, { cookie });
    return answer.status === 401 && answer;
  });
  expect(over.body.error.reason).toBe("TokenExpired");
});

it("says of a token that is over by its own word that it is, without asking anybody", async () => {
  const stage = await open();
  const token = ["e30", Buffer.from(JSON.stringify({ exp: 1000 })).toString("base64url"), "x"].join(".");
  expect((await stage.get(paths.me, { as: token })).body.error.reason).toBe("TokenRefused");
});

it("takes names and groups from its proxy alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "codybatch-proxy-"));
  await writeFile(`${folder}/secret`, "0123456789abcdef0123\n");
  const env = {
    CODYBATCH_DASHBOARD_AUTH: "proxy",
    CODYBATCH_DASHBOARD_PROXY_PEERS: "127.0.0.1",
    CODYBATCH_DASHBOARD_PROXY_SECRET_FILE: `${folder}/secret`,
  };
  const stage = await open(env);
  const named = { "x-forwarded-user": "viewer@example.com", "x-forwarded-groups": "a, b" };
  const secret = { "x-codybatch-proxy-secret": "0123456789abcdef0123" };
  expect((await stage.get(paths.me, { as: "", headers: { ...named, ...secret } })).body).toMatchObject({
    user: "viewer@example.com",
    groups: ["a", "b", "system:authenticated"],
  });
  expect((await stage.get(paths.me, { as: "", headers: named })).body.error.reason).toBe("ProxyRefused");
  expect((await stage.get(paths.me, { as: "", headers: { ...named, "x-codybatch-proxy-secret": "wrong" } })).status).toBe(401);
  expect((await stage.get(paths.me, { as: "", headers: secret })).status).toBe(401);
  await rm(folder, { recursive: true });
});

it("without authentication answers to this machine's own names alone", async () => {
  const stage = await open({ CODYBATCH_DASHBOARD_AUTH: "none" });
  expect((await stage.get(paths.me, { as: "" })).body).toMatchObject({ user: "local", everywhere: true });
  const status = await new Promise((resolve, reject) => {
    request(`${stage.url}${paths.me}`, { headers: { host: "rebound.example" } }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(401);
});
