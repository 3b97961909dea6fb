import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { batch, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const scheme = (page: Page, wanted: string) => page.locator(`html[data-mantine-color-scheme=${wanted}]`).waitFor({ state: "attached" });
const ground = (page: Page) => page.evaluate("getComputedStyle(document.body).backgroundColor");

it("follows the system's colours, and keeps those that are chosen", async () => {
  const { page } = await tab((await fullWorld(open)).url, { colorScheme: "dark" });
  await page.goto("/");
  await scheme(page, "dark");
  const dark = await ground(page);
  await page.getByText("View", { exact: true }).click();
  await page.getByText("Light", { exact: true }).click();
  await scheme(page, "light");
  await page.reload();
  await scheme(page, "light");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  expect(await ground(page)).not.toBe(dark);
});

it("says times in the viewer's zone or in UTC, as chosen, and keeps it", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url, { timezoneId: "Asia/Tokyo" });
  await page.goto("/");
  const times = page.locator("td time");
  await page.locator("td time[title$='GMT+9']").first().waitFor();
  await page.getByText("View", { exact: true }).click();
  await page.getByText("UTC", { exact: true }).click();
  await page.locator("td time[title$=UTC]").first().waitFor();
  await page.reload();
  await page.locator("td time[title$=UTC]").first().waitFor();
  expect(Date.parse((await times.first().getAttribute("datetime")) ?? "")).not.toBeNaN();
  expect(complaints).toEqual([]);
});

it("prints what is read, and leaves out what is pressed", async () => {
  const { page } = await tab((await fullWorld(open)).url);
  await page.goto(ofBatch);
  await page.getByRole("row", { name: /acme\/web/ }).waitFor();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const left of [".cb-header", ".cb-tabs", ".cb-search", ".cb-export"])
    expect(await page.locator(left).first().isVisible()).toBe(false);
  expect(await page.getByRole("row", { name: /acme\/web/ }).isVisible()).toBe(true);
  expect(await ground(page)).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ media: "screen" });
  await page.goto(`${ofBatch}/${ready.changeset}`);
  await page.locator(".diff").first().waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".diff").first().isVisible()).toBe(true);
  expect(await page.locator(".cb-file-list, .cb-toolbar").first().isVisible()).toBe(false);
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
});

it("moves nothing for who does not want it", async () => {
  const { page } = await tab((await fullWorld(open)).url, { reducedMotion: "reduce" });
  await page.route("**/api/v1/batchchanges**", () => undefined);
  await page.goto("/");
  await page.locator(".cb-bone").first().waitFor();
  const moving = "document.getAnimations().filter(({ playState }) => playState === 'running').length";
  expect(await page.evaluate(moving)).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await page.evaluate(moving)).toBeGreaterThan(0);
});
