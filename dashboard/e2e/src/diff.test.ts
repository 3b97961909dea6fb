import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { eventually, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { patch } from "./world/payload.ts";
import { batch, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofRepository = `/batches/${batch.namespace}/${batch.name}/${ready.changeset}`;
const fileNamed = (page: Page, path: string) => page.getByRole("region", { name: path, exact: true });

async function openedDiff(options = {}) {
  const { page, complaints } = await tab((await fullWorld(open)).url, options);
  await page.goto(ofRepository);
  await page.locator(".diff").first().waitFor();
  return { page, complaints };
}

it("marks the words of a line that changed, and colours code", async () => {
  const { page, complaints } = await openedDiff();
  const server = fileNamed(page, "src/server.ts");
  await server.locator(".token").first().waitFor();
  await server.locator(".diff-code-edit", { hasText: "127.0.0.1" }).waitFor();
  expect(complaints).toEqual([]);
});

it("folds files and unfolds those that are long or generated", async () => {
  const { page, complaints } = await openedDiff();
  const server = fileNamed(page, "src/server.ts");
  await server.getByRole("button", { expanded: true }).click();
  await server.locator(".diff").waitFor({ state: "detached" });
  const lock = fileNamed(page, "package-lock.json");
  await lock.getByRole("button", { name: "Show the diff" }).click();
  await lock.getByText('"1.0.1"').waitFor();
  const long = fileNamed(page, "src/long.ts");
  await long.getByRole("button", { name: "Show the diff" }).click();
  await long.getByText("value0 =").waitFor();
  await eventually("its end is drawn once it comes near", async () => {
    await long.evaluate((section) => section.scrollIntoView({ block: "end" }));
    return long.getByText("value1599").isVisible();
  });
  expect(complaints).toEqual([]);
});

it("leads to a file by the tree and to a line by its number, and both can be shared", async () => {
  const { page, complaints } = await openedDiff();
  await page
    .getByRole("navigation", { name: "Files" })
    .getByRole("link", { name: /package-lock\.json/ })
    .click();
  await page.waitForURL(/file=package-lock\.json/);
  await fileNamed(page, "package-lock.json").locator(".diff").waitFor();
  await fileNamed(page, "src/server.ts").locator(".diff-gutter-insert a").last().click();
  await page.waitForURL(/file=src%2Fserver\.ts#R3$/);
  await page.reload();
  await page.locator("#R3 .diff-code-selected", { hasText: "127.0.0.1" }).waitFor();
  expect(complaints).toEqual([]);
});

it("copies a path and downloads the patch as it is stored", async () => {
  const { page } = await openedDiff({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("button", { name: "Copy the path docs/hostile.md" }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("docs/hostile.md");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download .patch" }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.patch$/);
  expect(await readFile(await download.path(), "utf8")).toBe(patch);
});

it("goes from file to file and from hunk to hunk by keys", async () => {
  const { page, complaints } = await openedDiff();
  await page.keyboard.press("]");
  await page.keyboard.press("]");
  await page.locator("[data-file]:focus", { hasText: "src/indent.ts" }).waitFor();
  await page.keyboard.press("Enter");
  await fileNamed(page, "src/indent.ts").locator(".diff").waitFor({ state: "detached" });
  await page.keyboard.press("[");
  await page.locator("[data-file]:focus", { hasText: "src/server.ts" }).waitFor();
  await page.keyboard.press("j");
  await page.locator("[data-hunk]:focus", { hasText: "@@" }).waitFor();
  expect(complaints).toEqual([]);
});

it("keeps which files were viewed, and folds them", async () => {
  const { page, complaints } = await openedDiff();
  const server = fileNamed(page, "src/server.ts");
  await server.getByLabel("Viewed").check();
  await server.locator(".diff").waitFor({ state: "detached" });
  await page.reload();
  await fileNamed(page, "src/indent.ts").locator(".diff").waitFor();
  expect(await server.getByLabel("Viewed").isChecked()).toBe(true);
  expect(await server.locator(".diff").count()).toBe(0);
  await server.getByLabel("Viewed").uncheck();
  await server.locator(".diff").waitFor();
  expect(complaints).toEqual([]);
});

it("holds to WCAG AA split, with white space hidden and all unfolded, in both themes", async () => {
  const { page, complaints } = await openedDiff();
  await page.keyboard.press("s");
  await page.getByLabel("Hide white space").check();
  await fileNamed(page, "package-lock.json").getByRole("button", { name: "Show the diff" }).click();
  await page.locator(".diff-split").nth(1).waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
