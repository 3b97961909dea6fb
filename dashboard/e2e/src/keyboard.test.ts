import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { fullWorld } from "./world/world.ts";

const open = stages();
const tab = browser();

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${String(wanted)}`);
}

it("leads through the main pages without a mouse", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  await page.getByRole("row", { name: /node-24/ }).waitFor();
  await page.keyboard.press("Tab");
  await page.locator(".cb-skip:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.locator("main:focus").waitFor();
  await tabTo(page, page.getByRole("link", { name: "node-24" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "node-24" }).waitFor();
  await page.getByRole("row", { name: /acme\/web/ }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.locator("[data-row]:focus").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("acme/api");
  await page.getByText("1 repository of 6").waitFor();
  await tabTo(page, page.getByRole("link", { name: "acme/api", exact: true }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "acme/api" }).waitFor();
  await tabTo(page, page.getByRole("link", { name: "Transcript", exact: true }));
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox", { name: "Search the transcript" }).waitFor();
  await page.locator(".cb-step").first().waitFor();
  await page.goBack();
  await page.locator(".diff").first().waitFor();
  expect(complaints).toEqual([]);
});

it("goes to a page or a batch by a few letters", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/usage");
  await page.getByRole("heading", { name: "Usage" }).waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to" });
  await palette.getByRole("option", { name: /Compose/ }).waitFor();
  const found = [...(await axeInBoth(page))];
  await page.keyboard.type("licen");
  await palette.getByRole("option", { name: /team-b\/licences/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "licences" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("ArrowDown");
  await page.locator("[role=option][aria-selected=true]", { hasText: "Failures" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Failures" }).waitFor();
  await page.keyboard.press("Control+k");
  await palette.waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "hidden" });
  expect([...found, ...complaints]).toEqual([]);
});

it("lists its keys, and leaves those alone that are typed into a field", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await help.getByText("Simplified / technical transcript").waitFor();
  const found = [...(await axeInBoth(page))];
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });
  await page.keyboard.press("/");
  await page.keyboard.type("jk?/");
  await page.waitForURL(/q=jk/);
  expect(await page.getByRole("searchbox").inputValue()).toBe("jk?/");
  expect(await help.isVisible()).toBe(false);
  expect([...found, ...complaints]).toEqual([]);
});
