import { gunzipSync } from "node:zlib";
import { nanoUSD, promptName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { questionOf, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, edits, reads, reports, scenario, writes } from "./model.ts";
import type { Turn } from "./model.ts";
import { served, totalOf } from "./served.ts";
import { expectApplies, transcriptOf, turnsOf } from "./stored.ts";

const apiKey = "story-key-4fd1c0ffee";
/** Each a step of its own, so that only a limit ends it. */
const endless: readonly Turn[] = Array.from({ length: 30 }, (_, step) =>
  writes(`step-${step}.txt`, `${step} `.repeat(1200).slice(0, 3500)),
);

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    secrets: { ANTHROPIC_API_KEY: apiKey },
    scenarios: [
      scenario("changed", { repository: "trio/api" }, reads("version.txt"), edits("version.txt", "1", "2"), reports(true, "Version 2")),
      scenario("fine", { repository: "trio/fine" }, reads("version.txt"), reports(false, "Is at 2 already")),
      scenario("silent", { repository: "trio/silent" }, reads("version.txt"), { say: "I am done." }),
      scenario(
        "echo",
        { repository: "secret/echo" },
        reads("settings.txt"),
        { say: `The key is ${apiKey}.`, ...writes("NOTES.md", "Read.\n") },
        reports(true, `Found ${apiKey}`),
      ),
      scenario("slow", { repository: "limit/time" }, writes("step.txt", "one\n"), { say: "Too late.", delayMs: 600_000 }),
      scenario("endless", { repository: "limit/*" }, ...endless),
      scenario("second", { promptContains: "second text" }, ...changes("second.txt")),
      scenario("first", {}, ...changes("first.txt")),
    ],
  });
});
afterAll(() => endStory(local));

afterEach(({ task }) => tellFailure(local, task));

function batchOf(name: string): Batch {
  return new Batch(local, name);
}

test.concurrent("one batch ends with a patch, no change and a failure, and its totals are what was served, to the last token and nano-dollar", async () => {
  const names = ["trio/api", "trio/fine", "trio/silent"] as const;
  const urls = names.map((name) => local.repository(name, { "version.txt": "1\n" }));
  const batch = await batchOf("trio").create(urls, { prompt: "Set version 2.", agent: { model: "claude-opus-5-5" } });
  const status = await batch.reaches("PartiallySucceeded");

  expect(status).toMatchObject({ progress: "3/3", waiting: 0, counts: { ready: 1, noChange: 1, failed: 1, pending: 0 } });
  expect(status.repositories?.map(({ name, phase }) => `${name} ${phase}`)).toEqual([
    "trio/api Ready",
    "trio/fine NoChange",
    "trio/silent Failed",
  ]);
  expect(status.conditions).toContainEqual(
    expect.objectContaining({
      type: "Complete",
      reason: "SomeFailed",
      message: `1 no change, 1 ready, 1 failed. Mend the cause, then run all failed ones again: kubectl -n default patch bc trio --type merge -p '{"spec":{"retryFailed":1}}'`,
    }),
  );

  const api = await batch.ends("trio/api", "Ready", "PatchReady");
  expect(api.status).toMatchObject({ diffStat: "+1 -1", result: { wereChangesNecessary: true, summary: "Version 2", filesChanged: 1 } });
  expect(api.status.message).toContain(
    `kubectl -n default get cm ${api.status.patch?.ref} -o jsonpath='{.binaryData.change\\.patch\\.gz}' | base64 -d | gunzip`,
  );
  expect(api.status.result?.warnings).toEqual([expect.stringContaining("not from Claude")]);
  expect(await expectApplies(local, api)).toContain("\n-1\n+2\n");

  const fine = await batch.ends("trio/fine", "NoChange", "NoChangeNecessary");
  expect(fine.status).toMatchObject({ result: { wereChangesNecessary: false, summary: "Is at 2 already", filesChanged: 0 } });
  expect(fine.status).not.toHaveProperty("patch");
  const silent = await batch.ends("trio/silent", "Failed", "NotReported");
  expect(silent.status.message).toContain(`kubectl -n default patch cset ${silent.metadata.name} --type merge -p '{"spec":{"attempt":1}}'`);
  expect(await batch.events("SomeFailed")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: "Warning", reason: "NotReported", note: expect.stringContaining("trio/silent") as string }),
      expect.objectContaining({ type: "Warning", reason: "SomeFailed" }),
    ]),
  );

  const changesets = [api, fine, silent];
  for (const [index, changeset] of changesets.entries()) {
    const total = totalOf(served(local, [names[index]!]));
    expect(changeset.status.usage).toEqual(total.shown);
    expect(changeset.status.chargedNanoUSD).toBe(total.nanoUSD);
    expect(await turnsOf(local, changeset)).toMatchObject({ ...total.tokens, nanoUSD: total.nanoUSD });
  }
  expect(status.usage).toEqual(totalOf(served(local, names)).shown);
  expect(status.usage?.cacheReadPercent).toBeGreaterThan(0);
  expect(nanoUSD(status.usage!.costUSD!)).toBe(changesets.reduce((sum, { status: { usage } }) => sum + nanoUSD(usage!.costUSD!), 0));
});

test.concurrent("promptFrom names what is missing, is copied when it is there, and is read again only when the BatchChange is edited", async () => {
  const url = local.repository("prompt/api", { "a.txt": "a\n" });
  const ref = { configMapKeyRef: { name: "words", key: "text" } };
  const batch = await batchOf("from").create([url], { promptFrom: ref });
  const missing = await batch.condition("Accepted", "False");
  expect(missing).toMatchObject({ reason: "PromptMissing" });
  expect(missing.message).toContain(
    "The ConfigMap words does not exist. Make it: kubectl -n default create configmap words --from-file=text=<file> --dry-run=client -o yaml | kubectl apply -f -",
  );
  expect([await batch.changesets(), await batch.jobs(), await batch.configMaps()]).toEqual([[], [], []]);
  expect(await batch.events("PromptMissing")).toContainEqual(expect.objectContaining({ type: "Warning", reason: "PromptMissing" }));

  await local.api.create(resources.configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "words" },
    data: { other: "text" },
  });
  await batch.until(
    "names the key",
    ({ conditions }) => conditions?.some(({ message }) => message.includes("has no text under the key text")) === true,
  );

  await writeWords("first text");
  const first = await batch.ends("prompt/api", "Ready");
  expect(await promptTexts(batch)).toEqual([[promptName("from", "first text"), "first text"]]);
  expect(await expectApplies(local, first)).toContain("first.txt");

  await writeWords("second text");
  const again = await runAgain(batch, 1);
  expect(await expectApplies(local, again)).toContain("first.txt");
  expect(again.status.outdated).toBeUndefined();

  await batch.edit({ parallelism: 2 });
  const outdated = await batch.changeset("prompt/api", "is outdated", ({ status }) => status?.outdated === true);
  expect(outdated.status).toMatchObject({ phase: "Ready", attempt: 1 });
  const newest = await runAgain(batch, 2);
  expect(await expectApplies(local, newest)).toContain("second.txt");
  expect(newest.status.outdated).toBeUndefined();
  expect(await promptTexts(batch)).toEqual([[promptName("from", "second text"), "second text"]]);
});

test.concurrent("instructions of a repository reach the model, the transcript has every event with the key taken out while the wire keeps it, and a summary with the key is no report", async () => {
  const url = local.repository("secret/echo", { "settings.txt": `key = ${apiKey}\n` });
  const instructions = "The app lives in packages/web.";
  const batch = await batchOf("echo").create([{ url, instructions }], { prompt: "Look at the settings." });
  const done = await batch.ends("secret/echo", "Failed", "SecretFound");
  expect(done.status.message).toContain("the report's summary (a secret of this run)");
  const asked = local.gates.claude.exchanges.filter((exchange) => questionOf(exchange)?.repository === "secret/echo");
  expect(asked).toHaveLength(4);
  expect(asked[0]!.body).toContain("Look at the settings.");
  expect(asked[0]!.body).toContain(`<repository_instructions>\\n${instructions}\\n</repository_instructions>`);
  const [, second, third] = asked.map(({ body }) => body);
  expect(second).toContain(`key = ${apiKey}`);
  expect(third).toContain(`The key is ${apiKey}.`);

  const events = await transcriptOf(local, done);
  expect(events.map(({ kind }) => kind).filter((kind) => kind !== "patch")).toEqual([
    "started",
    "system",
    "user",
    "assistant",
    "tool",
    "assistant",
    "tool",
    "assistant",
    "tool",
    "assistant",
    "tool",
    "ended",
  ]);
  const text = JSON.stringify(events);
  expect(text).toContain(instructions);
  expect(text).toContain("key = [redacted]");
  expect(text).toContain("The key is [redacted].");
  expect(done.status.result?.summary).toBe("Found [redacted]");
  for (const object of [...(await batch.configMaps()), ...(await batch.changesets())]) expect(allTextOf(object)).not.toContain(apiKey);
});

describe.concurrent("an attempt whose limit is reached stops before it and keeps its work", () => {
  const limits = {
    turns: { reason: "TurnsExhausted", agent: { maxTurns: 3 }, field: "maxTurns" },
    tokens: { reason: "TokensExhausted", agent: { maxTokens: 40_000 }, field: "maxTokens" },
    money: { reason: "BudgetExhausted", agent: { maxCostUSD: "0.15" }, field: "maxCostUSD" },
    time: { reason: "DeadlineExceeded", agent: { timeout: "10s" }, field: "timeout" },
  };
  /** What may be used, where that is not what this test is about far more than is used. */
  const most = { turns: 60, tokens: 4_000_000, money: nanoUSD("2.00") };
  const names = ["turns", "tokens", "money", "time"] as const;
  beforeAll(async () => {
    const create = async (name: (typeof names)[number]): Promise<Batch> =>
      batchOf(`limit-${name}`).create([local.repository(`limit/${name}`, { "a.txt": "a\n" })], { agent: limits[name].agent });
    await Promise.all(names.map(create));
  });

  test.each([
    { name: "turns", ...most, turns: 3 },
    { name: "tokens", ...most, tokens: 40_000 },
    { name: "money", ...most, money: nanoUSD("0.15") },
    { name: "time", ...most },
  ] as const)("$name", async ({ name, turns, tokens, money }) => {
    const { reason, field } = limits[name];
    const batch = batchOf(`limit-${name}`);
    const failed = await batch.ends(`limit/${name}`, "Failed", reason);
    const { status, metadata } = failed;
    expect(status.message).toContain(`Raise spec.agent.${field}`);
    expect(status.message).toContain("The work done so far is kept.");
    expect(status.message).toContain(`Run it again: kubectl -n default patch cset ${metadata.name}`);
    expect(await expectApplies(local, failed)).toContain("+++ b/step");
    const used = await turnsOf(local, failed);
    expect(used.turns).toBeLessThanOrEqual(turns);
    expect(used.input + used.output + used.cacheRead + used.cacheWrite).toBeLessThanOrEqual(tokens);
    expect(status.chargedNanoUSD).toBeLessThanOrEqual(money);
    expect(await batch.reaches("Failed")).toMatchObject({ progress: "1/1", counts: { failed: 1 } });
  });
});

async function writeWords(text: string): Promise<void> {
  await local.api.patch(resources.configMaps, "words", { data: { text } });
}

/** Name and text of each stored prompt. */
async function promptTexts(batch: Batch): Promise<readonly unknown[]> {
  return (await batch.configMaps("prompt")).map((object) => [object.metadata.name, (object as unknown as Texts).data["prompt"]]);
}

interface Texts {
  readonly data: Readonly<Record<string, string>>;
}

/** Runs the one repository again, as the user does. */
async function runAgain(batch: Batch, attempt: number): ReturnType<Batch["ends"]> {
  const [changeset] = await batch.changesets();
  await local.api.patch(resources.changesets, changeset!.metadata.name, { spec: { attempt } });
  return batch.changeset("prompt/api", `ended attempt ${attempt}`, ({ status }) => status?.attempt === attempt && status.phase === "Ready");
}

/** Everything that an object says, binary data unpacked. */
function allTextOf(object: object): string {
  const { binaryData = {} } = object as { readonly binaryData?: Readonly<Record<string, string>> };
  return [JSON.stringify(object), ...Object.values(binaryData).map((data) => gunzipSync(Buffer.from(data, "base64")).toString())].join(
    "\n",
  );
}
