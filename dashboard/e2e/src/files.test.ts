import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { at, endedAttempt, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { batch, fullWorld } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofBatch = `/batches/${batch.namespace}/${batch.name}`;

/** The file that a press gives, and its name. */
async function saved(page: Page, press: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

it("exports a batch as CSV, JSON and Markdown", async () => {
  const { page } = await tab((await fullWorld(open)).url);
  await page.goto(ofBatch);
  const exported = (form: string) => saved(page, () => page.getByRole("link", { name: form, exact: true }).click());
  const csv = await exported("CSV");
  expect(csv.name).toBe("team-a-node-24.csv");
  expect(csv.text.trimEnd().split("\r\n")).toHaveLength(7);
  expect(csv.text).toMatch(/acme\/web,,Failed,CheckFailed/);
  const json = JSON.parse((await exported("JSON")).text);
  expect(json).toMatchObject({ batch: { name: "node-24", phase: "AwaitingApproval" } });
  expect(json.repositories).toHaveLength(6);
  const markdown = await exported("Markdown");
  expect(markdown.name).toBe("team-a-node-24.md");
  expect(markdown.text).toMatch(/^# team-a\/node-24\n[^]*\| acme\/web \| Failed \| CheckFailed \|/);
});

it("shows usage by day, model, namespace and batch, and downloads it", async () => {
  const stage = await fullWorld(open);
  const attempt = endedAttempt("other", { finishedAt: at(3) });
  await stage.batch("team-b", "opus", { spec: { agent: { model: "claude-opus-5" } } });
  await stage.changeset("team-b", "opus-0000000001", "opus", { status: { phase: "Ready", attempts: [attempt], usage: attempt.usage } });
  const { page } = await tab(stage.url);
  await page.goto("/usage");
  await page.getByRole("list", { name: "By model" }).getByRole("listitem").filter({ hasText: "claude-opus-5" }).waitFor();
  await page.getByRole("list", { name: "By namespace" }).getByRole("listitem").filter({ hasText: "team-a" }).waitFor();
  await page.getByRole("list", { name: "Dearest batches" }).getByRole("link", { name: "team-b/opus" }).waitFor();
  await page.getByLabel("Cost per day as a table").first().click();
  await page.getByRole("table").getByText("$0.50").waitFor();
  const { name, text } = await saved(page, () => page.getByRole("button", { name: "Download CSV" }).click());
  expect(name).toMatch(/^usage-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  expect(text).toMatch(/\r\nmodel,claude-opus-5,1,100,20,5,1,0\.25\r\n/);
  await page.getByLabel("Namespace", { exact: true }).selectOption("team-a");
  await page.getByText("team-b/opus").waitFor({ state: "detached" });
});

it("gives the spec to copy, and the kubectl lines for the next step", async () => {
  const { page } = await tab((await fullWorld(open)).url, { permissions: ["clipboard-read", "clipboard-write"] });
  const copied = (): Promise<string> => page.evaluate("navigator.clipboard.readText()");
  await page.goto(`${ofBatch}?view=spec`);
  await page.getByRole("button", { name: "Copy the YAML" }).click();
  expect(await copied()).toMatch(/^apiVersion: codybatch\.dev\/v1[^]*kind: BatchChange[^]*prompt: Move to Node 24\./);
  await page.getByText("Next steps with kubectl").click();
  for (const title of ["Run the failed repositories again", "Start nothing new", "Stop for good, keeping what is there"]) {
    await page.getByText(title).waitFor();
  }
  await page.getByRole("button", { name: "Copy the command: Stop for good, keeping what is there" }).click();
  expect(await copied()).toBe(`kubectl -n team-a patch bc node-24 --type merge -p '{"spec":{"cancel":true}}'`);
  await page.goto(`${ofBatch}/node-24-0000000001`);
  await page.getByText("Next steps with kubectl").click();
  await page.getByText("Run it again").waitFor();
  await page.getByRole("button", { name: "Copy the command: Approve exactly this patch" }).click();
  expect(await copied()).toContain(`"approval":{"patch":"sha256:${"a".repeat(64)}"`);
});
