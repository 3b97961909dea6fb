import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startGithub } from "./github.ts";
import type { Github } from "./github.ts";
import { acme, stage } from "./testing/stage.ts";
import type { Stage } from "./testing/stage.ts";

const api = { owner: "acme", repo: "api" };

async function change(at: Stage): Promise<string> {
  return at.github.hands.commit("acme/api", { by: "cody", branch: "change", files: { "a.txt": "a\n" } });
}

function create(at: Stage, title = "Change"): Promise<{ readonly data: { readonly number: number } }> {
  return at.octokit("write").pulls.create({ ...api, head: "change", base: "main", title });
}

const pulls = (at: Stage): number => at.github.hands.repository("acme/api").pulls.length;

it.each([
  ["before", 0],
  ["after", 1],
] as const)("a request that is held %s it takes effect has done nothing more when its client dies", async (moment, count) => {
  await using at = await stage();
  await change(at);
  const held = at.github.hold(moment, ({ operation }) => operation === "pulls/create");
  const client = new AbortController();
  const request = at
    .octokit("write")
    .pulls.create({ ...api, head: "change", base: "main", title: "x", request: { signal: client.signal } });
  const ended = request.catch(String);
  expect(await held.reached()).toMatchObject({ operation: "pulls/create", repository: "acme/api", token: "write" });
  client.abort();
  expect(await ended).toContain("aborted");
  expect(pulls(at)).toBe(count);
  const again = await create(at).catch((error: { status: number }) => error);
  expect(again).toMatchObject({ status: count === 0 ? 201 : 422 });
});

it("a held request goes on when it is released, and breaks when it is dropped", async () => {
  await using at = await stage();
  await change(at);
  const first = at.github.hold("before", ({ writes }) => writes);
  const lost = create(at);
  await first.reached();
  first.drop();
  await expect(lost).rejects.toThrow(/ECONNRESET|fetch failed/);
  const second = at.github.hold("after", ({ writes }) => writes);
  const kept = create(at);
  await second.reached();
  expect(pulls(at)).toBe(1);
  second.release();
  expect((await kept).data.number).toBe(1);
});

it("a push can be held after it took effect", async () => {
  await using at = await stage();
  const remote = at.remote("acme/api");
  await at.git(["fetch", "--quiet", remote, "main"], "read");
  const held = at.github.hold("after", ({ operation }) => operation === "git/push");
  const push = at.git(["push", "--quiet", remote, "FETCH_HEAD:refs/heads/copy"], "write");
  const ended = push.catch(String);
  await held.reached();
  expect(await at.github.hands.tip("acme/api", "copy")).toBeDefined();
  held.drop();
  // The client sends a request again by itself when a connection that it used before breaks, and finds its own branch.
  expect(await ended).toMatch(/reference already exists|RPC failed/);
});

it("of many who ask at the same time for one branch, one gets the pull request and one pushes it", async () => {
  await using at = await stage();
  await change(at);
  const asked = await Promise.allSettled(Array.from({ length: 5 }, () => create(at)));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await at.git(["fetch", "--quiet", at.remote("acme/api"), "main", "change"], "read");
  const push = (name: string): Promise<string> =>
    at.git(["push", "--quiet", at.remote("acme/api"), `refs/remotes/${name}:refs/heads/race`], "write");
  for (const name of ["main", "change"])
    await at.git(["update-ref", `refs/remotes/${name}`, (await at.github.hands.tip("acme/api", name))!]);
  const pushed = await Promise.allSettled([push("main"), push("change")]);
  const taken = at.github.pushes.filter(({ refused }) => refused === undefined);
  expect(pushed.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(await at.github.hands.tip("acme/api", "race")).toBe(taken.at(-1)!.new);
  expect(taken.map(({ forced }) => forced)).not.toContain(true);
});

it("a client that dies while it sends its request has done nothing, and is no fault of the stand-in", async () => {
  await using at = await stage();
  const { port, hostname } = new URL(at.github.url);
  const socket = connect(Number(port), hostname);
  const head = "POST /api/v3/repos/acme/api/pulls HTTP/1.1\r\nhost: x\r\nauthorization: token ghp_write000\r\ncontent-length: 100\r\n\r\n{";
  await new Promise((resolve) => socket.write(head, resolve));
  socket.destroy();
  await at.octokit("read").repos.get(api);
  expect(pulls(at)).toBe(0);
  expect(at.github.requests.map(({ operation }) => operation)).toEqual(["repos/get"]);
});

it.each([
  [{ status: 502 }, { status: 502 }, 0],
  [{ status: 502, at: "after" }, { status: 502 }, 1],
  [{ status: 429, retryAfterSeconds: 7 }, { status: 429, response: { headers: { "retry-after": "7" } } }, 0],
  [{ reset: true }, { status: 500 }, 0],
  [{ reset: true, at: "after" }, { status: 500 }, 1],
] as const)("the fault %j strikes once and then everything is well", async (fault, seen, count) => {
  await using at = await stage({ faults: [{ operation: "pulls/create", ...fault }] });
  await change(at);
  await expect(create(at)).rejects.toMatchObject(seen);
  expect(pulls(at)).toBe(count);
  await at.octokit("read").pulls.list(api);
});

it("a hanging answer lasts until the client gives up, and a slow one comes", async () => {
  await using at = await stage();
  at.github.fail({ operation: "repos/get", hang: true });
  const signal = AbortSignal.timeout(300);
  await expect(at.octokit("read").repos.get({ ...api, request: { signal } })).rejects.toThrow("timeout");
  at.github.fail({ operation: "repos/get", slowMs: 50, times: "always" });
  expect((await at.octokit("read").repos.get(api)).status).toBe(200);
  at.github.heal();
});

it("the sixth request that makes content in a window is refused, and who comes back too early is seen", async () => {
  let now = Date.UTC(2026, 10, 21);
  await using at = await stage({ limits: { content: [{ requests: 5, seconds: 5 }] } }, () => now);
  await change(at);
  await create(at);
  const label = (): Promise<unknown> => at.octokit("write").issues.addLabels({ ...api, issue_number: 1, labels: ["x"] });
  for (let time = 0; time < 4; time++) await label();
  const refused = {
    status: 403,
    response: { headers: { "retry-after": "5" } },
    message: expect.stringContaining("secondary rate limit") as string,
  };
  await expect(label()).rejects.toMatchObject(refused);
  now += 4999;
  await expect(label()).rejects.toMatchObject({ status: 403, response: { headers: { "retry-after": "1" } } });
  now += 1000;
  await label();
  expect(at.github.requests.map(({ early }) => early)).toEqual([false, false, false, false, false, false, true, false]);
});

it("the primary limit is told in every answer, and search has its own", async () => {
  await using at = await stage({ limits: { core: 2, search: 1 } });
  const octokit = at.octokit("read");
  const { headers } = await octokit.repos.get(api);
  expect(headers).toMatchObject({ "x-ratelimit-limit": "2", "x-ratelimit-remaining": "1", "x-ratelimit-resource": "core" });
  await octokit.search.repos({ q: "org:acme" });
  await expect(octokit.search.repos({ q: "org:acme" })).rejects.toMatchObject({ status: 403 });
  await octokit.repos.get(api);
  const refused = { status: 403, message: expect.stringContaining("API rate limit exceeded") as string };
  await expect(octokit.repos.get(api)).rejects.toMatchObject(refused);
  expect((await octokit.rateLimit.get()).data.resources.core).toMatchObject({ limit: 2, remaining: 0 });
});

it("an edition answers at its own addresses only", async () => {
  for (const [edition, here, there] of [
    ["enterprise", "/api/v3/rate_limit", "/rate_limit"],
    ["github.com", "/rate_limit", "/api/v3/rate_limit"],
  ] as const) {
    const at = await stage({ edition });
    const status = async (path: string): Promise<number> => (await fetch(at.github.url + path)).status;
    expect([await status(here), await status(there)]).toEqual([200, 501]);
    await expect(at[Symbol.asyncDispose]()).rejects.toThrow(`asked for GET ${there}, which the stand-in for GitHub does not have`);
  }
});

it("a stand-in that is started again on its folder goes on where it was", async () => {
  const dir = await mkdtemp(join(tmpdir(), "codybatch-github-"));
  const log = { info: () => undefined, warn: () => undefined };
  const start = (): Promise<Github> => startGithub({ scenario: acme, dir, log });
  const first = await start();
  await first.hands.commit("acme/api", { by: "cody", branch: "change", files: { "a.txt": "a\n" } });
  const headers = { authorization: `token ${first.token("write")!.text}` };
  const body = JSON.stringify({ head: "change", base: "main", title: "Kept" });
  expect((await fetch(`${first.apiURL}/repos/acme/api/pulls`, { method: "POST", headers, body })).status).toBe(201);
  const copy = await mkdtemp(join(tmpdir(), "codybatch-github-"));
  await cp(dir, copy, { recursive: true });
  await first.close();
  // The copy was taken before it closed, as when it is killed.
  const second = await startGithub({ scenario: acme, dir: copy, log });
  expect(second.hands.pull("acme/api", 1)).toMatchObject({ title: "Kept", state: "open" });
  expect(await second.hands.tip("acme/api", "change")).toBeDefined();
  await second.close();
  for (const folder of [dir, copy]) await rm(folder, { recursive: true });
});

it.each([
  ["without a scenario", () => ["--dir", "x"], "usage: node local/src/github/main.ts"],
  ["with an unknown option", () => ["--colour"], "Unknown option '--colour'"],
  ["with a port that is none", (file: string) => ["--dir", "x", "--scenario", file, "--port", "http"], "--port http must be a port number"],
  ["with a file that is not there", () => ["--dir", "x", "--scenario", "nothing.yaml"], "cannot read nothing.yaml"],
  ["with a wrong scenario", (file: string) => ["--dir", "x", "--scenario", file], "repositories: "],
])("the program %s says what is wrong", async (_what, args, says) => {
  const dir = await mkdtemp(join(tmpdir(), "codybatch-github-"));
  const file = join(dir, "scenario.yaml");
  await writeFile(file, "users: []\n");
  const main = join(import.meta.dirname, "main.ts");
  const run = promisify(execFile)(process.execPath, [main, ...args(file)], { cwd: dir });
  await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(says) as string });
  await rm(dir, { recursive: true });
});

it("the program serves the bundled scenario and ends when it is told to", async () => {
  const dir = await mkdtemp(join(tmpdir(), "codybatch-github-"));
  const scenario = join(import.meta.dirname, "..", "..", "scenarios", "github", "acme.yaml");
  const child = execFile(process.execPath, [join(import.meta.dirname, "main.ts"), "--dir", dir, "--scenario", scenario]);
  await new Promise<void>((resolve) => child.stdout?.on("data", (text: string) => text.includes("listens") && resolve()));
  const { url } = JSON.parse(await readFile(join(dir, "github.json"), "utf8")) as { url: string };
  const { stdout } = await promisify(execFile)("git", ["ls-remote", `${url}/acme/billing-api`, "HEAD"], { encoding: "utf8" });
  expect(stdout).toMatch(/^[0-9a-f]{40}\tHEAD/);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  expect(await ended).toBe(0);
  await rm(dir, { recursive: true });
});
