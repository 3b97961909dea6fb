import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { emptyWorld } from "./world/world.ts";

const open = stages();
const tab = browser();

const manifest = {
  apiVersion: "codybatch.dev/v1alpha1",
  kind: "BatchChange",
  metadata: { name: "port", namespace: "team-a", uid: "of-another-cluster", labels: { wave: "one" } },
  spec: { prompt: "Listen on 8080.", repositories: [{ url: "https://github.com/acme/api" }, { url: "https://github.com/acme/web" }] },
  status: { phase: "Succeeded" },
};

async function composing(options = {}) {
  const opened = await tab((await emptyWorld(open)).url, options);
  await opened.page.goto("/compose");
  return opened;
}

it("opens an existing BatchChange, without what the cluster added, and gives it back to copy and to save", async () => {
  const { page, complaints } = await composing({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByText("Open an existing BatchChange").click();
  await page.getByLabel("Or paste its YAML").fill("kind: Deployment");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("alert").getByText("only a BatchChange can be opened").waitFor();
  const buffer = Buffer.from(stringify(manifest));
  await page.getByLabel("File").setInputFiles({ name: "port.yaml", mimeType: "application/yaml", buffer });
  await page.getByText("Nothing is wrong with it").waitFor();
  await page.getByText("kubectl apply --namespace team-a -f port.yaml").waitFor();
  await page.getByRole("button", { name: "Copy the YAML" }).click();
  const copied = String(await page.evaluate("navigator.clipboard.readText()"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download port.yaml" }).click()]);
  expect(await readFile(await download.path(), "utf8")).toBe(copied);
  const { status: _status, metadata, ...rest } = manifest;
  const { uid: _uid, ...own } = metadata;
  expect(parse(copied)).toEqual({ ...rest, metadata: own });
  expect(complaints).toEqual([]);
});

it("says beside each field what is wrong with it, and what it can cost once all are right", async () => {
  const { page, complaints } = await composing();
  const url = page.getByLabel("url", { exact: false }).first();
  await page.getByLabel("name", { exact: false }).first().fill("port");
  await page.getByLabel("prompt", { exact: false }).first().fill("Listen on 8080.");
  await url.fill("git@github.com:acme/api");
  await page.locator("[id$=-error]", { hasText: "https" }).waitFor();
  const found = [...(await axeInBoth(page))];
  await page.getByText("What it can cost is said once the fields are right").waitFor();
  await url.fill("https://github.com/acme/api");
  await page.getByText("Paste many").click();
  await page.getByRole("textbox", { name: "Repositories" }).fill("acme/web, acme/docs");
  await page.getByRole("button", { name: "Add 2" }).click();
  await page.getByText("At most $6.00").waitFor();
  await page
    .getByRole("group", { name: "repositories 3" })
    .getByRole("button", { name: /^Take out/ })
    .last()
    .click();
  await page.getByText("At most $4.00").waitFor();
  expect([...found, ...complaints]).toEqual([]);
});

it("refuses what passes the administrator's limits, and says what they are", async () => {
  const limits = JSON.stringify({ models: ["claude-sonnet-5-5"], publishPolicies: ["Never"] });
  const stage = await emptyWorld(open, { CODYBATCH_LIMITS: limits });
  const { page, complaints } = await tab(stage.url);
  await page.goto("/compose");
  await page.getByText("Open an existing BatchChange").click();
  const spec = { ...manifest.spec, agent: { model: "claude-opus-5" } };
  await page.getByLabel("Or paste its YAML").fill(stringify({ ...manifest, spec }));
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("spec.agent.model").waitFor();
  await page.getByText("What the administrator allows").click();
  await page.getByText("claude-sonnet-5-5", { exact: true }).waitFor();
  expect(await page.getByText("kubectl apply").count()).toBe(0);
  expect(complaints).toEqual([]);
});
