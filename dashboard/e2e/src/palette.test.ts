import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { fullWorld } from "./world/world.ts";

const open = stages();
const tab = browser();

it("goes to a page or a batch by a few letters, and takes the focus back", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("usa");
  await page.getByRole("option", { name: /^Usage/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/usage$/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("eslint");
  await page.getByRole("option", { name: /^team-b\/eslint-10/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/batches\/team-b\/eslint-10$/);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(complaints).toEqual([]);
});
