import { get, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { stage } from "../testing/stage.ts";
import type { Stage } from "../testing/stage.ts";

const api = "acme/api";
const label = "Stand-in for GitHub on this machine. Nothing here is on GitHub.";

async function opened(at: Stage, title = "Change", body = "Why"): Promise<void> {
  await at.github.hands.commit(api, { by: "cody", branch: "change", files: { "a.txt": "a\n" } });
  await at.octokit("write").pulls.create({ owner: "acme", repo: "api", head: "change", base: "main", title, body });
}

interface Posted {
  readonly status: number;
  readonly said: string;
}

/** A form as a browser sends it; fetch would not let a test say where it comes from. */
function post(at: Stage, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Posted> {
  const type = { "content-type": "application/x-www-form-urlencoded", origin: at.github.url };
  return new Promise((resolve, reject) => {
    const sent = request(`${at.github.url}/acme/api/pull/1`, { method: "POST", headers: { ...type, ...headers } }, (answer) => {
      void text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, said }));
    });
    sent.once("error", reject).end(new URLSearchParams(form).toString());
  });
}

it("a pull request has a page that names the stand-in and shows hostile text as text", async () => {
  await using at = await stage();
  const hostile = `</pre><script>alert(1)</script><img src=x onerror=alert(1)> "'&`;
  await opened(at, hostile, hostile);
  await at.octokit("write").issues.addLabels({ owner: "acme", repo: "api", issue_number: 1, labels: ["<b>"] });
  const response = await fetch(`${at.github.url}/acme/api/pull/1`);
  const html = await response.text();
  expect(html).toContain(label);
  expect(html).toContain("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(html).not.toMatch(/<script|<img|<b>/);
  expect(html).toContain("+a\n");
  const policy = response.headers.get("content-security-policy");
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  expect(policy).toContain("form-action 'self'");
  expect(await (await fetch(`${at.github.url}/acme/api/pull/1.diff`)).text()).toContain("+a\n");
  const lost = await fetch(`${at.github.url}/acme/api/pull/2`);
  expect([lost.status, (await lost.text()).includes(label)]).toEqual([404, true]);
});

it("every page leads to the next: all repositories, one of them, its pull requests", async () => {
  await using at = await stage();
  await opened(at);
  const page = async (path: string): Promise<string> => (await fetch(at.github.url + path)).text();
  for (const path of ["/", "/acme/api", "/acme/api/pull/1"]) expect(await page(path)).toContain(label);
  expect(await page("/")).toContain('href="/acme/api"');
  expect(await page("/acme/api")).toContain('<a href="/acme/api/pull/1">#1 Change</a> (open)');
  expect(await page("/acme/api")).toMatch(/change at [0-9a-f]{12}/);
  expect(await page("/acme/api/pull/1")).toContain('href="/acme/api"');
});

it.each([
  ["merge", { state: "closed", merged: { by: "ann" } }],
  ["squash", { state: "closed", merged: { by: "ann" } }],
  ["rebase", { state: "closed", merged: { by: "ann" } }],
  ["close", { state: "closed", merged: undefined }],
  ["approve", { reviews: [{ user: "ann", state: "APPROVED" }] }],
  ["request-changes", { reviews: [{ user: "ann", state: "CHANGES_REQUESTED" }] }],
] as const)("a person can %s by the form of the page", async (act, becomes) => {
  await using at = await stage();
  await opened(at);
  expect(await (await fetch(`${at.github.url}/acme/api/pull/1`)).text()).toContain(`value="${act}"`);
  expect(await post(at, { act, by: "ann" })).toMatchObject({ status: 303 });
  const { state, reviews, merged } = at.github.hands.pull(api, 1);
  expect({ state, reviews, merged }).toMatchObject(becomes);
});

it("a closed pull request can be reopened, and a merged one is done", async () => {
  await using at = await stage();
  await opened(at);
  for (const act of ["close", "reopen", "merge"]) expect(await post(at, { act, by: "ann" })).toMatchObject({ status: 303 });
  expect(at.github.hands.pull(api, 1)).toMatchObject({ state: "closed", merged: { by: "ann" } });
  expect(await post(at, { act: "close", by: "ann" })).toMatchObject({ status: 409, said: expect.stringContaining("merged already") });
  expect(await (await fetch(`${at.github.url}/acme/api/pull/1`)).text()).not.toContain("<form");
});

it("checks and a commit come by the form, too, and a draft is made ready before it is merged", async () => {
  await using at = await stage();
  await opened(at);
  at.github.hands.ready(api, 1, false);
  const page = async (): Promise<string> => (await fetch(`${at.github.url}/acme/api/pull/1`)).text();
  expect(await page()).not.toContain('value="merge"');
  await post(at, { act: "ready", by: "ann" });
  await post(at, { act: "checks-red", by: "ann" });
  expect(await page()).toContain("<dt>Checks</dt><dd>failure</dd>");
  await post(at, { act: "checks-green", by: "ann" });
  expect(await page()).toContain("<dt>Checks</dt><dd>success</dd>");
  const { sha } = at.github.hands.pull(api, 1).head;
  await post(at, { act: "commit", by: "ann" });
  expect(at.github.hands.pull(api, 1).head.sha).not.toBe(sha);
  expect(await page()).toContain("<dt>Checks</dt><dd>none</dd>");
});

it.each([
  ["from another page", { act: "merge", by: "ann" }, { origin: "http://evil.example" }, 403],
  ["from nowhere", { act: "merge", by: "ann" }, { origin: "null" }, 403],
  ["to a name that somebody pointed here", { act: "merge", by: "ann" }, { host: "evil.example", origin: "http://evil.example" }, 403],
  ["by somebody without a role", { act: "merge", by: "mallory" }, {}, 422],
  ["for what nobody can do", { act: "delete", by: "ann" }, {}, 422],
  ["for a review of one's own", { act: "approve", by: "cody" }, {}, 409],
] as const)("a form %s changes nothing", async (_what, form, headers, status) => {
  await using at = await stage();
  await opened(at);
  expect(await post(at, form, headers)).toMatchObject({ status });
  expect(at.github.hands.pull(api, 1)).toMatchObject({ state: "open", reviews: [] });
});

it("a merge that conflicts says so, and who calls the stand-in by another name gets no form", async () => {
  await using at = await stage();
  await opened(at);
  await at.github.hands.commit(api, { by: "ann", branch: "main", files: { "a.txt": "b\n" } });
  expect(await post(at, { act: "merge", by: "ann" })).toMatchObject({ status: 409, said: expect.stringContaining("conflicts with main") });
  const elsewhere = await new Promise<string>((resolve, reject) => {
    const headers = { host: "github.example" };
    get(`${at.github.url}/acme/api/pull/1`, { headers }, (answer) => void text(answer).then(resolve, reject)).once("error", reject);
  });
  expect(elsewhere).toContain(label);
  expect(elsewhere).not.toContain("<form");
});
