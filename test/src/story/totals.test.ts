import { formatUSD, type Attempt, type Changeset } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, reads, scenario } from "./model.ts";
import { served, totalOf } from "./served.ts";
import { turnsOf } from "./stored.ts";

const names = ["sums/one", "sums/two"];
let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    scenarios: [
      scenario("mended", { promptContains: "Mended." }, reads("a.txt"), ...changes("mended.txt")),
      scenario("bad", {}, reads("a.txt"), { say: "I give up." }),
    ],
  });
});
afterAll(() => endStory(local));

afterEach(({ task }) => tellFailure(local, task));

/** What the turns of one attempt's transcript add up to must be that attempt's usage and charge. Gives it. */
async function expectAttempt(changeset: Changeset, { transcript, usage, chargedNanoUSD }: Attempt): Promise<number> {
  const { turns, nanoUSD, ...tokens } = await turnsOf(local, { ...changeset, status: { ...changeset.status, transcript } });
  expect(turns).toBeGreaterThan(2);
  expect(usage).toEqual({ ...tokens, costUSD: formatUSD(nanoUSD) });
  expect(chargedNanoUSD).toBe(nanoUSD);
  return nanoUSD;
}

test("totals of attempts, repositories and batch are the sum of their turns to the last token, and a budget near them is told of until it is raised", async () => {
  const urls = names.map((name) => local.repository(name, { "a.txt": "a\n" }));
  const batch = await new Batch(local, "sums", 150).create(urls, { agent: { model: "claude-opus-5-5" } });
  await batch.reaches("Failed");
  await batch.edit({ prompt: "Mended.", retryFailed: 1 });
  const status = await batch.reaches("Succeeded");
  for (const name of names) {
    const changeset = await batch.ends(name, "Ready");
    const charges = await Promise.all(changeset.status.attempts!.map((attempt) => expectAttempt(changeset, attempt)));
    expect(charges).toHaveLength(2);
    const total = totalOf(served(local, [name]));
    expect(changeset.status).toMatchObject({ chargedNanoUSD: charges[0]! + charges[1]! });
    expect(changeset.status).toMatchObject({ usage: total.shown, chargedNanoUSD: total.nanoUSD });
  }
  const { shown, nanoUSD } = totalOf(served(local, names));
  expect(status.usage).toEqual(shown);
  expect(status.conditions?.map(({ type }) => type)).not.toContain("BudgetNearlySpent");

  // The least budget, in hundredths of a cent, of which less than 90 % and more than 80 % are spent.
  const budget = formatUSD(Math.ceil(nanoUSD / 0.9 / 1e5) * 1e5);
  await batch.edit({ budget: { maxCostUSD: budget } });
  const { reason, message } = await batch.condition("BudgetNearlySpent", "True");
  expect({ reason, message }).toMatchObject({
    reason: "MostOfBudgetSpent",
    message: expect.stringMatching(/ are spent \(8\d %\)\./) as string,
  });
  expect(message).toContain(`$${shown.costUSD} of $${budget} are spent`);
  expect(await batch.events("MostOfBudgetSpent")).toContainEqual({ type: "Warning", reason: "MostOfBudgetSpent", note: message });
  await batch.edit({ budget: { maxCostUSD: 10 } });
  await batch.condition("BudgetNearlySpent", "False");
});
