import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, judges, scenario } from "./model.ts";
import { served, totalOf } from "./served.ts";
import { expectApplies, turnsOf } from "./stored.ts";

const reviewed = (name: string, repository: string, ...reviews: readonly object[][]): object => ({
  ...scenario(name, { repository }, ...changes()),
  reviews,
});

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    secrets: { ANTHROPIC_API_KEY: "story-key-5ec0nd0p1n10n" },
    scenarios: [
      reviewed("yes", "opinion/yes", [judges(false, "NEW.md: says nothing.")], [judges(true, "NEW.md: says it now.")]),
      reviewed("no", "opinion/no", [judges(false, "NEW.md: nobody asked for it.")]),
    ],
  });
});
afterAll(() => endStory(local));
afterEach(({ task }) => tellFailure(local, task));

test("a second opinion decides whether a change is Ready, is in the status, and costs what was served, to the last token and nano-dollar", async () => {
  const names = ["opinion/yes", "opinion/no"] as const;
  const urls = names.map((name) => local.repository(name, { "a.txt": "a\n" }));
  const model = "claude-opus-5-5";
  const batch = await new Batch(local, "judged").create(urls, { agent: { model }, review: { model } });
  const yes = await batch.ends("opinion/yes", "Ready", "PatchReady");
  expect(yes.status.result?.review).toEqual({ model, approved: true, reasons: ["NEW.md: says it now."] });
  await expectApplies(local, yes);

  const no = await batch.ends("opinion/no", "Failed", "ReviewRejected");
  expect(no.status.result?.review).toEqual({ model, approved: false, reasons: ["NEW.md: nobody asked for it."] });
  expect(no.status.message).toContain("NEW.md: nobody asked for it.");
  expect(no.status.message).toContain("spec.review.model");
  expect(no.status.message).toContain(`kubectl -n default patch cset ${no.metadata.name} --type merge -p '{"spec":{"attempt":1}}'`);
  expect(await expectApplies(local, no)).toContain("NEW.md");

  for (const [index, changeset] of [yes, no].entries()) {
    const total = totalOf(served(local, [names[index]!]));
    expect(changeset.status.usage).toEqual(total.shown);
    expect(changeset.status.chargedNanoUSD).toBe(total.nanoUSD);
    expect(await turnsOf(local, changeset)).toMatchObject({ ...total.tokens, nanoUSD: total.nanoUSD, turns: 6 });
  }

  await batch.edit({ review: { model: "claude-sonnet-5-5" } });
  await batch.changeset("opinion/yes", "is outdated", ({ status }) => status?.outdated === true);
});
