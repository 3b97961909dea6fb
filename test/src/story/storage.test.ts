import { createHash } from "node:crypto";
import { label } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { isTurn, startLocalMode } from "../local-mode/index.ts";
import type { Hold, LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, reports, scenario } from "./model.ts";
import { expectApplies, transcriptOf } from "./stored.ts";

/** Text that gzip cannot shorten below 300 KiB; each run makes the same. */
const noise = Array.from({ length: 9600 }, (_, line) => createHash("sha256").update(`line ${line}`).digest("base64")).join("\n");

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    // 256 KiB for each try, of which 64 KiB are kept free for its result.
    limits: { maxPerChangesetMiB: 0.5 },
    scenarios: [
      scenario(
        "large",
        { repository: "large/*" },
        { tools: [{ name: "delete_file", input: { path: "noise.txt" } }] },
        reports(true, "Less noise"),
      ),
      scenario("fine", { repository: "*/fine" }, reports(false, "Nothing to do")),
      scenario("any", {}, ...changes()),
    ],
  });
});
afterAll(() => endStory(local));

afterEach(({ task }) => tellFailure(local, task));

function batchOf(name: string): Batch {
  return new Batch(local, name);
}

function repository(name: string): string {
  return local.repository(name, { "a.txt": "a\n" });
}

/** Holds that question of a repository's conversation. */
function holdTurn(name: string, turn: number): Hold {
  return local.gates.claude.hold("before", isTurn(name, turn));
}

test.concurrent("a patch that is too large for ConfigMaps names the claim as the way out; on a claim it is kept whole", async () => {
  const urls = [local.repository("large/api", { "noise.txt": noise, "a.txt": "a\n" })];
  const resultStorage = { type: "PersistentVolumeClaim", claimName: "results" };
  const small = await batchOf("small").create(urls);
  const claimed = await batchOf("claimed").create(urls, { resultStorage });
  const failed = await small.ends("large/api", "Failed", "PatchTooLarge");
  expect(failed.status.message).toMatch(
    /^The patch has \d+ KiB gzipped, \d+ KiB fit\. Set spec\.resultStorage to \{type: PersistentVolumeClaim/,
  );
  expect(failed.status).not.toHaveProperty("patch");
  expect(failed.status.usage?.output).toBeGreaterThan(0);
  expect((await transcriptOf(local, failed)).at(-1)?.kind).toBe("ended");

  const ready = await claimed.ends("large/api", "Ready");
  const pod = ready.status.attempts?.[0]?.pod;
  expect(ready.status.patch?.ref).toBe(`pvc:${pod}/change.patch.gz`);
  expect(ready.status.transcript?.refs).toEqual([`pvc:${pod}/transcript.jsonl.gz`]);
  expect(ready.status.message).toContain(`exec results-reader -- cat /results/${pod}/change.patch.gz | gunzip`);
  expect(await expectApplies(local, ready, { claim: "results" })).toContain(`-${noise.split("\n")[0]}`);
  expect((await transcriptOf(local, ready, "results")).at(-1)?.kind).toBe("ended");
});

test.concurrent("a BatchChange deleted in any phase leaves no object and no process", async () => {
  const held = holdTurn("gone/running", 1);
  const batches = await Promise.all([
    batchOf("gone-pending").create([repository("gone/pending")], { suspend: true }),
    batchOf("gone-running").create([repository("gone/running"), repository("gone/fine")]),
    batchOf("gone-waiting").create([repository("gone/waiting")], { publish: { policy: "OnApproval" } }),
    batchOf("gone-refused").create([repository("gone/refused")], { credentials: { anthropicSecret: "forbidden" } }),
  ]);
  const [pending, running, waiting, refused] = batches as [Batch, Batch, Batch, Batch];
  await pending.reaches("Suspended");
  await held.reached();
  await running.ends("gone/fine", "NoChange");
  await waiting.reaches("AwaitingApproval");
  await refused.condition("Accepted", "False");
  for (const batch of batches) await batch.remove();
  for (const batch of batches) expect(await batch.remains()).toEqual([]);
});

test.concurrent("deleted in mid-run and applied again under its name, a BatchChange begins anew and takes over nothing", async () => {
  const url = repository("again/api");
  const held = holdTurn("again/api", 2);
  const batch = await batchOf("again").create([url]);
  await held.reached();
  const [old] = await batch.changesets();
  const { name } = old!.metadata;
  await keepBack(name, ["example.com/backup"]);
  await batch.remove();
  await batch.create([url]);
  const done = await batch.reaches("Succeeded");
  const ready = await batch.ends("again/api", "Ready");
  expect(ready.metadata.name).not.toBe(name);
  expect(done).toMatchObject({ progress: "1/1", counts: { ready: 1, removed: 0 }, usage: ready.status.usage });
  expect(done.repositories).toEqual([expect.objectContaining({ changeset: ready.metadata.name })]);
  expect(ready.status.attempts).toHaveLength(1);
  expect(await expectApplies(local, ready)).toContain("NEW.md");
  expect(await local.api.get(resources.changesets, name)).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) as string } });
  await keepBack(name, []);
  await eventually("the old ones are gone", async () => {
    const left = [...(await batch.configMaps()), ...(await batch.changesets())].map(({ metadata }) => metadata.name);
    return left.some((one) => one.startsWith(name)) ? undefined : true;
  });
});

/** Finalizers keep a deleted Changeset there until they are taken off. */
async function keepBack(changeset: string, finalizers: readonly string[]): Promise<void> {
  await local.api.patch(resources.changesets, changeset, { metadata: { finalizers } });
}

test.concurrent("after ttlSecondsAfterFinished a BatchChange deletes itself with all that is its own", async () => {
  const batch = await batchOf("brief").create([repository("brief/fine")], { ttlSecondsAfterFinished: 1 });
  await batch.changeset("brief/fine", "is there", () => true);
  expect(await batch.remains()).toEqual([]);
});

test.concurrent("after retain the payloads go, and status keeps what was done and what it cost", async () => {
  const batch = await batchOf("kept").create([repository("kept/api")], { resultStorage: { retain: "2s" } });
  const before = await batch.ends("kept/api", "Ready");
  await eventually("the payloads are gone", async () => {
    const roles = (await batch.configMaps()).map(({ metadata }) => metadata.labels?.[label.role]);
    return roles.every((role) => role === "prompt") ? true : undefined;
  });
  const after = await batch.ends("kept/api", "Ready");
  expect(after.status).toMatchObject({ usage: before.status.usage, result: before.status.result, attempts: before.status.attempts });
  expect(await batch.reaches("Succeeded")).toMatchObject({ progress: "1/1", usage: before.status.usage });
});
