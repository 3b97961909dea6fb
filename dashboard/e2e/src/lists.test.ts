import { paths, urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { eventually, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { batch, emptyWorld, fullWorld } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;

it("filters batches by facets with counts and sorts them, all in the address", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  const filters = page.getByRole("complementary", { name: "Filters" });
  await filters
    .getByRole("group", { name: "Namespace" })
    .getByRole("button", { name: /^team-b\s*2$/ })
    .click();
  await page.waitForURL(/namespace=team-b/);
  await page.getByText("2 batches of 3").waitFor();
  await filters
    .getByRole("group", { name: "Label" })
    .getByRole("button", { name: /^wave=two\s*1$/ })
    .click();
  await page.getByText("1 batch of 3").waitFor();
  await page.reload();
  await page.getByText("1 batch of 3").waitFor();
  await filters.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("columnheader", { name: "Batch" }).getByRole("link").click();
  await page.locator("th[aria-sort=descending]", { hasText: "Batch" }).waitFor();
  await page.getByRole("columnheader", { name: "Batch" }).getByRole("link").click();
  await page.locator("th[aria-sort=ascending]", { hasText: "Batch" }).waitFor();
  await page.waitForURL(/sort=name/);
  expect(await page.locator("[data-row]").allInnerTexts()).toEqual(["eslint-10", "licences", "node-24"]);
  await page.getByRole("row", { name: /node-24.*\/6.*\$1\.25/ }).waitFor();
  await page.goBack();
  await page.getByText("1 batch of 3").waitFor();
  expect(complaints).toEqual([]);
});

it("leads through more batches than a page holds", async () => {
  const stage = await emptyWorld(open);
  const names = Array.from({ length: 60 }, (_, index) => `batch-${String(index).padStart(2, "0")}`);
  await Promise.all(names.map((name) => stage.batch("team-a", name)));
  await eventually("they are listed", async () => (await stage.get(paths.batches)).body?.total === 60);
  const { page } = await tab(stage.url);
  await page.goto("/?sort=name");
  await page.getByText("60 batches").waitFor();
  expect(await page.locator("[data-row]").allInnerTexts()).toEqual(names.slice(0, 50));
  await page.getByRole("link", { name: "Next page" }).click();
  await page.getByRole("row", { name: /batch-59/ }).waitFor();
  expect(await page.locator("[data-row]").allInnerTexts()).toEqual(names.slice(50));
  await page.getByRole("link", { name: "First page" }).click();
  await page.getByRole("row", { name: /batch-00/ }).waitFor();
});

it("leaves repositories of a phase or of a reason, and says what the reason means", async () => {
  const stage = await fullWorld(open);
  const { page, complaints } = await tab(stage.url);
  await page.goto(ofBatch);
  const rows = page.locator("[data-row]");
  await page
    .getByRole("list", { name: "Repositories by phase" })
    .getByRole("button", { name: /failed/i })
    .click();
  await page.waitForURL(/phase=Failed/);
  await page.getByText("2 repositories of 6").waitFor();
  await page.getByText("Reasons:").click();
  await page.getByRole("button", { name: /^CheckFailed\s*1$/ }).click();
  await page.waitForURL(/reason=CheckFailed/);
  await page.getByText("1 repository of 6").waitFor();
  expect(await rows.allInnerTexts()).toEqual(["acme/web"]);
  const { groups } = (await stage.get(urlOf("repositories", { params: batch }))).body;
  const { meaning } = groups.find(({ reason }: { reason: string }) => reason === "CheckFailed");
  await page.getByText(meaning).first().waitFor();
  await page.goto(`${ofBatch}?sort=-repository`);
  await page.getByRole("row", { name: /acme\/worker/ }).waitFor();
  expect(await rows.first().innerText()).toBe("acme/worker");
  await page.getByRole("row", { name: /acme\/site.*#7/ }).waitFor();
  expect(complaints).toEqual([]);
});
