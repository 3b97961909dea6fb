import { gzipSync } from "node:zlib";
import { recordName } from "@codybatch/crds";
import { urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { endedAttempt, eventually, gz, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { transcript } from "./world/payload.ts";
import { batch, emptyWorld, fullWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofRepository = `/batches/${batch.namespace}/${batch.name}/${ready.changeset}`;
const mostScript = 200_000;
// What a busy machine of two cores may take; npm run bench holds the figures that users are promised.
const patience = 5000;

it("loads at most 200 kB of compressed script before the list is there", async () => {
  const { page } = await tab((await fullWorld(open)).url);
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".js")) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto("/");
  await page.getByRole("row", { name: /licences/ }).waitFor();
  const all = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(all).toBeGreaterThan(50_000);
  expect(all).toBeLessThanOrEqual(mostScript);
});

async function withPayloads(patch: string, lines: readonly unknown[]) {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name);
  const attempt = endedAttempt("pod", { transcript: { refs: [recordName.transcript("pod", 0)], events: lines.length } });
  const owner = await stage.changeset("team-a", ready.changeset, batch.name, {
    status: { phase: "Ready", attempts: [attempt], patch: attempt.patch, transcript: attempt.transcript },
  });
  await stage.record(owner, "patch", { name: recordName.patch("pod"), binary: gz.patch(patch) });
  await stage.record(owner, "transcript", { name: recordName.transcript("pod", 0), binary: gz.transcript(lines) });
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  return tab(stage.url);
}

it("opens 5,000 events at once and keeps only some of them in the page", async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => ({
    ...transcript[index % 12],
    turn: Math.floor(index / 12) * 6 + (index % 12),
  }));
  const { page } = await withPayloads("", lines);
  await page.goto(`${ofRepository}?tab=checks`);
  await page.getByText("No attempt has reported").waitFor();
  const before = performance.now();
  await page.getByRole("link", { name: "Transcript" }).click();
  await page.locator(".cb-step").first().waitFor();
  expect(performance.now() - before).toBeLessThan(patience);
  await page.getByText("5,000 events").waitFor();
  expect(await page.locator(".cb-step").count()).toBeLessThan(100);
});

it("shows a diff of 10,000 lines soon, file by file as they come near", async () => {
  const file = (name: number): string =>
    [
      `diff --git a/f${name}.ts b/f${name}.ts`,
      "new file mode 100644",
      "--- /dev/null",
      `+++ b/f${name}.ts`,
      "@@ -0,0 +1,500 @@",
      ...Array.from({ length: 500 }, (_, line) => `+export const value${line} = ${line};`),
      "",
    ].join("\n");
  const { page } = await withPayloads(Array.from({ length: 20 }, (_, name) => file(name)).join(""), transcript);
  await page.goto(`${ofRepository}?tab=checks`);
  await page.getByText("No attempt has reported").waitFor();
  const before = performance.now();
  await page.getByRole("link", { name: "Diff" }).click();
  await page.locator(".diff").first().waitFor();
  expect(performance.now() - before).toBeLessThan(patience);
  expect(await page.locator(".diff").count()).toBeLessThan(20);
});
