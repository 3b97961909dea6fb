import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ingredients, prepareContext } from "./bundle.ts";
import { run } from "./command.ts";

let context = "";
beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), "codybatch-context-"));
  await prepareContext("operator", context);
}, 240_000);
afterAll(() => rm(context, { recursive: true, force: true }));

it("puts operator, dashboard and its pages into the operator's image, each with its licences", async () => {
  const files = await ingredients("operator", context);
  for (const name of ["operator.mjs", "operator.licences.txt", "dashboard.mjs", "dashboard.licences.txt", "web/index.html"])
    expect(files).toContain(`dist/${name}`);
  expect(files.filter((path) => path.endsWith(".map"))).toEqual([]);
  expect(await readFile(join(context, "dist/dashboard.licences.txt"), "utf8")).toMatch(/^== express 5/m);
  expect(await readFile(join(context, "dist/web/licences.md"), "utf8")).toMatch(/^## react - 19[^]*MIT License/m);
});

it("adds at most 10 MB to the base, compressed", async () => {
  const contents = await Promise.all((await ingredients("operator", context)).map((path) => readFile(join(context, path))));
  expect(gzipSync(Buffer.concat(contents)).length).toBeLessThan(10e6);
});

it("bundles a dashboard that runs where no module can be found", async () => {
  const program = join(context, "dist/dashboard.mjs");
  expect((await stat(program)).size).toBeGreaterThan(100_000);
  const wrong = run("env", "-i", "CODYBATCH_DASHBOARD_AUTH=nobody", process.execPath, program);
  await expect(wrong).rejects.toMatchObject({ output: expect.stringContaining("CODYBATCH_DASHBOARD_AUTH: must be token, proxy or none") });
});
