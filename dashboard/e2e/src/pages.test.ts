import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { axe, browser, overflows } from "./browser/browser.ts";
import { batch, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const ofRepository = `${ofBatch}/${ready.changeset}`;
const folder = process.env["CODYBATCH_SCREENSHOTS"];

const pages = [
  ["batches", "/", "table"],
  ["batch", ofBatch, "table"],
  ["charts", `${ofBatch}?view=charts`, "svg[role=img]"],
  ["spec", `${ofBatch}?view=spec`, "pre"],
  ["conditions", `${ofBatch}?view=conditions`, "table"],
  ["diff", ofRepository, ".diff"],
  ["transcript", `${ofRepository}?tab=transcript`, ".cb-step"],
  ["checks", `${ofRepository}?tab=checks`, "table"],
  ["attempts", `${ofRepository}?tab=attempts`, "table"],
  ["pull-request", `${ofRepository}?tab=pull-request`, "section[aria-label='Pull request']"],
  ["usage", "/usage", ".cb-cards"],
  ["failures", "/failures", ".cb-cards"],
  ["compose", "/compose", "form"],
  ["lost", "/no/such/page/here/at/all", "h1"],
] as const;

const forms = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
] as const;

it.each(forms)("every page holds to policy and WCAG AA and fits: %s", async (form, options) => {
  const stage = await fullWorld(open);
  const found: string[] = [];
  const { page, complaints } = await tab(stage.url, options);
  for (const [name, path, mark] of pages) {
    await page.goto(path);
    await page.locator(mark).first().waitFor();
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}-${form}.png`), fullPage: true });
    }
    found.push(...(await axe(page)).map((line) => `${name}: ${line}`));
    const marked = await page.locator(".cb-tabs [aria-current=page]").count();
    if (marked !== (path.startsWith(ofBatch) ? 1 : 0)) found.push(`${name}: ${marked} tabs are marked`);
    if (await overflows(page)) found.push(`${name}: stands out to the right`);
  }
  expect(found).toEqual([]);
  expect(complaints).toEqual([]);
});
