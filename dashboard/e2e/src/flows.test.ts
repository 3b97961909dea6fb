import { resources } from "@codybatch/operator";
import { expect, it } from "vitest";
import { stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { batch, emptyWorld, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;
const ofRepository = `${ofBatch}/${ready.changeset}`;

it("searches and filters by keyboard and keeps both in the address", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("licences");
  await page.waitForURL(/q=licences/);
  await page.getByText("1 batch of 3").waitFor();
  await page.getByRole("button", { name: /Succeeded/ }).waitFor({ state: "detached" });
  await page.getByRole("searchbox").fill("nothing is called so");
  await page.getByText("The filters leave nothing").waitFor();
  await page.getByRole("link", { name: "Show all batches" }).click();
  await page.getByText("3 batches").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/batches\/team-/);
  expect(complaints).toEqual([]);
});

it("shows a change in the cluster without being asked, and says when the server is gone", async () => {
  const stage = await fullWorld(open);
  const { page } = await tab(stage.url);
  await page.goto("/");
  await page.getByRole("status").getByText("live").waitFor();
  await stage.client.mergePatch(
    resources.batchChanges,
    "team-b",
    "licences",
    { status: { phase: "Failed", counts: { failed: 2 } } },
    "status",
  );
  await page.getByRole("row", { name: /Failed licences/ }).waitFor();
  await stage.dashboard.stop();
  await page.getByText("reconnecting").waitFor();
  expect(await page.getByRole("row", { name: /licences/ }).count()).toBe(1);
});

it("reads a diff: forms, white space, folded files, a link to a line", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto(ofRepository);
  await page.locator(".diff-unified").first().waitFor();
  await page.keyboard.press("s");
  await page.locator(".diff-split").first().waitFor();
  await page.keyboard.press("u");
  await page.getByLabel("Hide white space").check();
  await page.getByText("Only white space changed.").waitFor();
  await page.getByText("1,600 changed lines").waitFor();
  await page.getByText("Generated file").waitFor();
  await page.getByRole("region", { name: "Diff of docs/hostile.md" }).getByText("red ‹U+202E›gnp.exe <img src=x").waitFor();
  await page.goto(`${ofRepository}?file=src%2Fserver.ts#R2`);
  await page.locator("#R2 .diff-code-selected").first().waitFor();
  expect(await page.locator("img").count()).toBe(0);
  expect(complaints).toEqual([]);
});

it("reads a transcript: story, blocks, search, errors and a link to an event", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto(`${ofRepository}?tab=transcript`);
  await page.getByText("Read 1 file, changed 2 files, checks failed, fixed, passed").waitFor();
  await page.getByText("Edited 1 file: src/indent.ts, fixed: check test passed").waitFor();
  await page.keyboard.press("e");
  await page.waitForURL(/event=7/);
  await page.keyboard.press("t");
  await page.getByRole("article", { name: "Event 7: edit_file failed" }).waitFor();
  await page.getByRole("searchbox", { name: "Search the transcript" }).fill("not ok 2");
  await page.getByText("2 events with it").waitFor();
  await page.getByRole("button", { name: /^#14 check/ }).click();
  await page.waitForURL(/event=14/);
  expect(await page.locator("a[href^='javascript']").count()).toBe(0);
  expect(complaints).toEqual([]);
});

it("logs in with a token, says why one is refused, and shows each their own", async () => {
  const stage = await fullWorld(open, { CODYBATCH_DASHBOARD_AUTH: "token" });
  const { page } = await tab(stage.url);
  await page.goto(ofBatch);
  await page.getByText("kubectl create token").waitFor();
  await page.locator("input[type=password]").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator("form [id$=-error]").waitFor();
  await page.locator("input[type=password]").fill("viewer");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: batch.name }).waitFor();
  expect(await page.getByText("$1.25").count()).toBe(0);
  await page.goto("/batches/team-b/eslint-10");
  await page.getByText("Not found").waitFor();
});

it("composes a BatchChange that kubectl would take", async () => {
  const { page, complaints } = await tab((await fullWorld(open)).url);
  await page.goto("/compose");
  await page.getByLabel("name", { exact: false }).first().fill("Bad Name");
  await page.getByText("write lower case letters").first().waitFor();
  await page.getByLabel("name", { exact: false }).first().fill("port-8080");
  await page.getByLabel("prompt", { exact: false }).first().fill("Listen on 8080.");
  await page.getByLabel("url", { exact: false }).first().fill("https://github.com/acme/api");
  await page.getByText("Nothing is wrong with it").waitFor();
  await page.getByText("kubectl apply -f port-8080.yaml").waitFor();
  await page.getByText("At most $2.00").waitFor();
  expect(complaints).toEqual([]);
});

it("has words for an empty cluster and for what is not there", async () => {
  const { page, complaints } = await tab((await emptyWorld(open)).url);
  await page.goto("/");
  await page.getByText("No batches yet").waitFor();
  await page.getByText("kubectl apply -f batch.yaml").waitFor();
  await page.goto("/batches/team-a/gone");
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  await page.goto("/batches/team-a/release-1.2");
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  expect(complaints).toEqual([]);
});
