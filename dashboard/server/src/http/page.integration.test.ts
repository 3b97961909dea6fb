import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths } from "@codybatch/dashboard-contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stages } from "../testing/stage.ts";

const open = stages();
let folder = "";
let built = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codybatch-web-"));
  built = join(folder, "dist");
  await mkdir(join(built, "assets"), { recursive: true });
  await writeFile(join(folder, "outside.txt"), "outside");
  await writeFile(join(built, ".env"), "hidden");
  await writeFile(
    join(built, "index.html"),
    '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/assets/app-1.js"></script>',
  );
  await writeFile(join(built, "assets", "app-1.js"), "console.log(1);");
});
afterAll(() => rm(folder, { recursive: true }));

it("gives the page for every address of its own, with a nonce that is used once", async () => {
  const stage = await open({ CODYBATCH_DASHBOARD_WEB_DIR: built });
  const nonces: string[] = [];
  for (const path of ["/", "/team-a/node-24", "/team-a/node-24/x?file=a#R1"]) {
    const page = await stage.get(path, { as: "" });
    const [, nonce = ""] = /nonce="([^"]+)"/.exec(page.text) ?? [];
    expect(page.headers.get("content-security-policy")).toBe(
      `default-src 'none';script-src 'self';style-src 'self' 'nonce-${nonce}';img-src 'self' data:;connect-src 'self';font-src 'self';worker-src 'self';manifest-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'self'`,
    );
    expect(page.headers.get("cache-control")).toBe("no-store");
    nonces.push(nonce);
  }
  expect(new Set(nonces).size).toBe(3);
});

it("keeps hashed files for a year and answers 404 for those that are gone", async () => {
  const stage = await open({ CODYBATCH_DASHBOARD_WEB_DIR: built });
  const file = await stage.get("/assets/app-1.js", { as: "" });
  expect([file.text, file.headers.get("cache-control")]).toEqual(["console.log(1);", "public, max-age=31536000, immutable"]);
  expect((await stage.get("/assets/app-0.js", { as: "" })).status).toBe(404);
  expect((await stage.get("/missing.js", { as: "" })).status).toBe(404);
});

it.each(["/../outside.txt", "/%2e%2e/outside.txt", "/assets/..%2f..%2foutside.txt", "/.env", "/assets/%00"])(
  "never leaves its folder: %s",
  async (path) => {
    const stage = await open({ CODYBATCH_DASHBOARD_WEB_DIR: built });
    const answer = await stage.get(path, { as: "" });
    expect(answer.text).not.toMatch(/outside$|hidden/);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  },
);

it("without a build says how to make one, and serves the API all the same", async () => {
  const stage = await open();
  expect((await stage.get("/", { as: "" })).text).toMatch(/npm run build/);
  const described = await stage.get(paths.openapi, { as: "" });
  expect(described.body.openapi).toBe("3.1.0");
});

it("has safe headers on every answer, refusals too", async () => {
  const stage = await open();
  for (const path of ["/", "/healthz", paths.me, "/api/v1/nothing", "/%"]) {
    const { headers } = await stage.get(path, { as: "" });
    expect([
      path,
      headers.get("x-content-type-options"),
      headers.get("x-frame-options"),
      headers.get("referrer-policy"),
      headers.get("x-powered-by"),
    ]).toEqual([path, "nosniff", "DENY", "no-referrer", null]);
  }
  expect((await stage.get(paths.me)).headers.get("cache-control")).toBe("no-store");
});

it("answers nothing but GET, and POST for login", async () => {
  const stage = await open();
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    for (const path of [paths.batches, paths.me, paths.logout, "/"]) {
      expect([method, path, (await stage.get(path, { method, body: {} })).status]).toEqual([method, path, 404]);
    }
  }
  expect((await stage.get(paths.login, { method: "POST", body: { token: "x".repeat(40_000) } })).status).toBe(413);
  expect((await stage.get(paths.login, { method: "POST", body: [] })).status).toBe(400);
});

it("limits how often a session asks", async () => {
  const stage = await open({ CODYBATCH_DASHBOARD_REQUESTS_PER_MINUTE: "10" });
  const statuses: number[] = [];
  for (let index = 0; index < 12; index += 1) statuses.push((await stage.get(paths.me)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
  expect((await stage.get(paths.me, { as: "viewer" })).status).toBe(200);
});

it("counts requests by route, never by name", async () => {
  const stage = await open();
  await stage.get("/api/v1/namespaces/team-a/batchchanges/secret-name");
  const text = await (await fetch(`http://127.0.0.1:${stage.dashboard.metricsPort}/metrics`)).text();
  expect(text).toMatch(/codybatch_dashboard_request_seconds_count\{route="[^"]*:name",status="404"\} 1/);
  expect(text).not.toMatch(/secret-name/);
});
