import { resources } from "@codybatch/operator";
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import { eventually, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { RunningAttempt, said } from "./world/running.ts";
import { batch, emptyWorld, fullWorld, ready, serving } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofRepository = `/batches/${batch.namespace}/${batch.name}/${ready.changeset}`;
const story = (turns: number) => Array.from({ length: turns }, (_, index) => said(index + 1, `word ${index + 1}`));

/** Waits until the words are on screen, not only on the page. */
async function inView(page: Page, words: string): Promise<void> {
  const height = page.viewportSize()?.height ?? 0;
  await eventually(`${words} is on screen`, async () => {
    const box = await page
      .getByText(words)
      .first()
      .boundingBox({ timeout: 100 })
      .catch(() => null);
    return box !== null && box.y >= 0 && box.y + box.height <= height;
  });
}

const scrolled = async (page: Page): Promise<number> => Number(await page.evaluate("window.scrollY"));

it("follows a transcript while it grows, stops when the reader scrolls up, and goes on at a press", async () => {
  const stage = await emptyWorld(open);
  const attempt = new RunningAttempt(stage);
  await attempt.begin();
  await attempt.store(story(60));
  const { page, complaints } = await tab(stage.url);
  await page.goto(`${ofRepository}?tab=transcript`);
  await inView(page, "“word 60”");
  await attempt.store(story(70));
  await inView(page, "“word 70”");
  const follow = page.getByRole("button", { name: "Follow the end" });
  await page.mouse.move(600, 600);
  await page.mouse.wheel(0, -900);
  await page.locator("button[aria-pressed=false]", { hasText: "Follow the end" }).waitFor();
  const before = await scrolled(page);
  await attempt.store(story(80));
  await page.getByText("80 events").waitFor();
  expect(await scrolled(page)).toBe(before);
  await follow.click();
  await inView(page, "“word 80”");
  expect(complaints).toEqual([]);
});

it("shows a run from before its first picture to its end, and the run after it", async () => {
  const stage = await emptyWorld(open);
  const first = new RunningAttempt(stage);
  await first.begin();
  const { page } = await tab(stage.url);
  await page.goto(`${ofRepository}?tab=transcript`);
  await page.getByText("No transcript is stored yet").waitFor();
  await first.store(story(2), "read_file README.md");
  await page.getByText("“word 2”").waitFor();
  await page.getByText("Turn 2: read_file README.md").waitFor();
  await first.store(story(3), "edit_file README.md");
  await page.getByText("Turn 3: edit_file README.md").waitFor();
  await first.end(story(4));
  await page.getByText("“word 4”").waitFor();
  await page.getByText("The agent still works").waitFor({ state: "detached" });
  const second = new RunningAttempt(stage, 2);
  await second.follow(first, 4);
  await second.store([said(1, "once more")]);
  await page.getByText("“once more”").waitFor();
  expect(await page.getByText("“word 4”").count()).toBe(0);
});

it("asks now and then where no stream comes through, and is live once one does", async () => {
  const stage = await fullWorld(open);
  const { page, complaints } = await tab(stage.url);
  await page.clock.install();
  await page.route("**/api/v1/stream**", (route) => route.abort());
  await page.goto("/");
  await page.getByRole("row", { name: /Running licences/ }).waitFor();
  await soon(page, page.getByRole("status").getByText("every 10 s"));
  await stage.client.mergePatch(resources.batchChanges, "team-b", "licences", { status: { phase: "Failed" } }, "status");
  await soon(page, page.getByRole("row", { name: /Failed licences/ }));
  await page.unroute("**/api/v1/stream**");
  await soon(page, page.getByRole("status").getByText("live", { exact: true }));
  expect(complaints).toEqual([]);
});

it("asks for nothing while its tab is hidden", async () => {
  const stage = await fullWorld(open);
  const { page, complaints } = await tab(stage.url);
  await page.goto("/");
  await page.getByRole("status").getByText("live", { exact: true }).waitFor();
  await show(page, "hidden");
  await page.getByText("paused", { exact: true }).waitFor();
  await stage.client.mergePatch(resources.batchChanges, "team-b", "licences", { status: { phase: "Failed" } }, "status");
  await show(page, "visible");
  await page.getByRole("row", { name: /Failed licences/ }).waitFor();
  expect(complaints).toEqual([]);
});

it("recovers by itself when the server is gone and back, on every page", async () => {
  const stage = await fullWorld(open);
  const { page } = await tab(stage.url);
  await page.clock.install();
  const go = (name: string) => page.getByRole("link", { name, exact: true }).first().click();
  await page.goto("/failures");
  await page.getByText("2 failed repositories").waitFor();
  await page.goto("/batches/team-b/eslint-10");
  await page.getByRole("heading", { name: "eslint-10" }).waitFor();
  await go("Failures");
  await page.getByText("2 failed repositories").waitFor();
  await go("Batches");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  await page.getByRole("status").getByText("live", { exact: true }).waitFor();
  await stage.dashboard.stop();
  await page.getByText("reconnecting").or(page.getByText("every 10 s")).waitFor();
  await go("licences");
  await soon(page, page.getByRole("heading", { name: "The server cannot be reached" }));
  const found = [...(await axeInBoth(page))];
  await go("Failures");
  await soon(page, page.getByText("this is what it said before"));
  found.push(...(await axeInBoth(page)));
  await stage.changeset("team-b", "licences-0000000001", "licences", { status: { phase: "Failed", reason: "CheckFailed" } });
  const again = await stage.another({ ...serving, CODYBATCH_DASHBOARD_PORT: String(stage.dashboard.port) });
  await soon(page, page.getByText("3 failed repositories"));
  await soon(page, page.getByRole("status").getByText("live", { exact: true }));
  await again.dashboard.stop();
  await again.client.close();
  expect(found).toEqual([]);
});

it("asks again for what failed when the stream goes on where it was", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.clock.install();
  await page.goto("/");
  await page.getByRole("status").getByText("live", { exact: true }).waitFor();
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.getByRole("link", { name: "licences" }).click();
  await soon(page, page.getByRole("heading", { name: "The server cannot be reached" }));
  await page.unroute("**/api/v1/**");
  await soon(page, page.getByRole("heading", { name: "licences" }));
  expect(complaints).toEqual([]);
});

it("says that a page could not be loaded, and loads it when asked", async () => {
  const { page } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  await page.route("**/assets/**", (route) => route.abort());
  await page.getByRole("link", { name: "Usage" }).click();
  await page.getByRole("heading", { name: "This page could not be loaded" }).waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  await page.unroute("**/assets/**");
  await page.getByRole("button", { name: "Load again" }).click();
  await page.getByRole("heading", { name: "Usage" }).waitFor();
});

/** Waits for something while the page's clock runs fast: what is tried anew only after seconds would take the test as long. */
async function soon(page: Page, awaited: Locator): Promise<void> {
  await eventually(`${String(awaited)} is there`, async () => {
    await page.clock.fastForward(2000);
    return awaited.isVisible();
  });
}

async function show(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`,
  );
}
