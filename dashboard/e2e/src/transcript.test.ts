import { readFile } from "node:fs/promises";
import { recordName } from "@codybatch/crds";
import { urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { endedAttempt, eventually, gz, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { said } from "./world/running.ts";
import { batch, emptyWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofTranscript = `/batches/${batch.namespace}/${batch.name}/${ready.changeset}?tab=transcript`;

async function withTranscript(lines: readonly object[]) {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name);
  const attempt = endedAttempt("pod", { patch: undefined, transcript: { refs: [recordName.transcript("pod", 0)], events: lines.length } });
  const owner = await stage.changeset("team-a", ready.changeset, batch.name, { status: { phase: "Ready", attempts: [attempt] } });
  await stage.record(owner, "transcript", { name: recordName.transcript("pod", 0), binary: gz.transcript(lines) });
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  return tab(stage.url);
}

const many = Array.from({ length: 3000 }, (_, index) => said(index + 1, `word ${index + 1}`));

it("leads by a link to an event far down, and by search to one that was never drawn", async () => {
  const { page } = await withTranscript(many);
  await page.goto(`${ofTranscript}&event=2900`);
  await page.locator(".cb-pointed", { hasText: "word 2900" }).waitFor();
  expect(await page.getByText("“word 1”").count()).toBe(0);
  await page.keyboard.press("/");
  await page.keyboard.type("WORD 1234");
  await page.getByText("1 event with it").waitFor();
  await page.getByRole("button", { name: /^#1234 / }).click();
  await page.locator(".cb-pointed", { hasText: "word 1234" }).waitFor();
  await page.waitForURL(/event=1234/);
  await page.getByRole("link", { name: "Link to event 1235" }).click();
  await page.waitForURL(/event=1235/);
});

it("shows every block of an event: input of tools, usage, latency, ids, and a long output whole when asked", async () => {
  const call = { type: "tool_use", id: "call_1", name: "write_file", input: { path: "a.ts", content: "const a = 1;" } };
  const output = `${"x".repeat(20_000)} its very end`;
  const lines = [
    { ...said(1, "I write."), content: [{ type: "thinking", thinking: "Which file?" }, { type: "text", text: "I write." }, call] },
    { kind: "tool", at: said(1, "").at, turn: 1, toolUseID: "call_1", name: "write_file", isError: false, output, durationMs: 12 },
  ];
  const { page, complaints } = await withTranscript(lines);
  await page.goto(ofTranscript);
  await page.getByRole("button", { name: /Wrote 1 file: a\.ts/ }).click();
  const answer = page.getByRole("article", { name: /^Event 1:/ });
  await answer.getByText("Thinking").click();
  await answer.getByText("Which file?").waitFor();
  await answer.getByText("Calls write_file a.ts").click();
  await answer.getByText("const a = 1;").waitFor();
  for (const fact of ["took 5 ms", "id msg_1", "out 1", "cost <$"]) await answer.getByText(fact).waitFor();
  const result = page.getByRole("article", { name: /^Event 2:/ });
  await result.getByRole("button", { name: "A text was cut: show it whole" }).click();
  await result.getByRole("button", { name: /Show more/ }).click();
  await result.getByText("its very end").waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("moves from event to event by keys and downloads all lines", async () => {
  const { page } = await withTranscript(many.slice(0, 20));
  await page.goto(ofTranscript);
  await page.getByText("“word 1”").waitFor();
  await page.keyboard.press("t");
  await page.getByRole("article", { name: /^Event 1:/ }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.locator("[data-event]:focus", { hasText: "#2" }).waitFor();
  await page.keyboard.press("k");
  await page.locator("[data-event]:focus", { hasText: "#1" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download raw" }).click()]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).turn)).toEqual(many.slice(0, 20).map(({ turn }) => turn));
});
