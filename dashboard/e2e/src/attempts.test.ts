import { recordName } from "@codybatch/crds";
import { urlOf } from "@codybatch/dashboard-contract";
import { expect, it } from "vitest";
import { endedAttempt, eventually, gz, stages } from "../../server/src/testing/stage.ts";
import { browser } from "./browser/browser.ts";
import { axeInBoth } from "./browser/themes.ts";
import { changed } from "./world/payload.ts";
import { said } from "./world/running.ts";
import { batch, emptyWorld, ready } from "./world/world.ts";

const open = stages();
const tab = browser();
const ofRepository = `/batches/${batch.namespace}/${batch.name}/${ready.changeset}`;

const tries = [
  { try: 1, outcome: "Failed", reason: "CheckFailed", files: [changed("a.ts", ["one"], ["first"]), changed("b.ts", [], ["new"])] },
  { try: 2, outcome: "Reported", reason: "Reported", inputsHash: "other", files: [changed("a.ts", ["one"], ["second", "third"])] },
  { try: 3, outcome: "Reported", reason: "Reported", inputsHash: "other", files: [changed("c.ts", [], ["last"])] },
];

/** One repository that was tried three times, each with a patch and a transcript of its own. */
async function threeTries() {
  const stage = await emptyWorld(open);
  await stage.batch(batch.namespace, batch.name);
  const attempts = tries.map(({ files: _files, ...more }) => {
    const pod = `pod-${more.try}`;
    return endedAttempt(pod, {
      ...more,
      job: `${ready.changeset}-0-${more.try}`,
      transcript: { refs: [recordName.transcript(pod, 0)], events: 1 },
    });
  });
  const newest = attempts.at(-1)!;
  const status = { phase: "Ready", attempts, patch: newest.patch, transcript: newest.transcript, usage: newest.usage };
  const owner = await stage.changeset("team-a", ready.changeset, batch.name, { status });
  for (const { try: number, files } of tries) {
    const pod = `pod-${number}`;
    await stage.record(owner, "patch", { name: recordName.patch(pod), binary: gz.patch(files.join("")) });
    const lines = [said(1, `try ${number}`)];
    await stage.record(owner, "transcript", { name: recordName.transcript(pod, 0), binary: gz.transcript(lines) });
  }
  await eventually("it is listed", async () => (await stage.get(urlOf("repositories", { params: batch }))).body?.total === 1);
  return tab(stage.url);
}

it("compares two attempts: what they ran with, what they used, which files they changed", async () => {
  const { page, complaints } = await threeTries();
  await page.goto(`${ofRepository}?tab=attempts`);
  const comparison = page.getByRole("region", { name: "Comparison" });
  await comparison.getByText("Both ran with the same prompt").waitFor();
  await comparison.getByLabel("Before").selectOption("0-1");
  await comparison.getByText("were changed in between").waitFor();
  await comparison.getByRole("row", { name: /^a\.ts \+1 −1 untouched$/ }).waitFor();
  await comparison.getByLabel("After").selectOption("0-2");
  await comparison.getByRole("row", { name: /^a\.ts \+1 −1 \+2 −1$/ }).waitFor();
  await comparison.getByRole("row", { name: /^b\.ts \+1 −0 untouched$/ }).waitFor();
  await page.waitForURL(/attempt=0-2/);
  await page.reload();
  await comparison.getByRole("row", { name: /^b\.ts \+1 −0 untouched$/ }).waitFor();
  expect(await axeInBoth(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

it("shows patch and transcript of the attempt that is chosen", async () => {
  const { page, complaints } = await threeTries();
  await page.goto(ofRepository);
  await page.getByRole("region", { name: "c.ts", exact: true }).waitFor();
  await page.getByLabel("Attempt", { exact: true }).selectOption("0-1");
  await page.getByRole("region", { name: "b.ts", exact: true }).waitFor();
  await page.getByRole("link", { name: "Transcript" }).click();
  await page.getByText("“try 1”").waitFor();
  await page.getByLabel("Attempt", { exact: true }).selectOption("");
  await page.getByText("“try 3”").waitFor();
  expect(complaints).toEqual([]);
});
