import { gzipSync } from "node:zlib";
import { label, recordKey, recordName, type DiscoverResult } from "@codybatch/crds";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resources } from "../cluster/resource.ts";
import { Bench, type Job } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.startOperator();
});
afterEach(() => bench.close());

const at = "2026-11-21T10:00:00.000Z";
const namespace = "team-a";

function resultOf(names: readonly string[]): DiscoverResult {
  const repositories = names.map((name) => ({
    url: `https://github.com/acme/${name}`,
    name: `acme/${name}`,
    defaultBranch: "main",
    why: { search: true },
    push: "yes" as const,
  }));
  return {
    version: 1,
    task: "discover",
    outcome: { kind: "Discovered", message: `${names.length} repositories of 3 found are taken.`, repositories },
    discovery: { found: 3, skipped: [{ name: "acme/old", reason: "Archived" }], skippedCounts: { Archived: 1 } },
    requests: 2,
    startedAt: at,
    finishedAt: at,
  };
}

function search(name: string): Promise<Job> {
  return bench.until("the Job that searches", async () => (await bench.all<Job>(resources.jobs)).find((job) => job.metadata.name === name));
}

/** Recorder and Job controller: the answer is stored under its owner, text or packed, and the Job is complete. */
async function answer(job: Job, result: DiscoverResult, packed: boolean): Promise<string> {
  const { metadata } = await bench.run(job);
  const text = JSON.stringify(result);
  const payload = packed
    ? { binaryData: { [recordKey.resultGz]: gzipSync(text).toString("base64") } }
    : { data: { [recordKey.result]: text } };
  const labels = { ...job.metadata.labels, [label.role]: "result", [label.podUID]: metadata.uid };
  const name = recordName.result(metadata.name);
  const owned = { name, labels, ownerReferences: job.metadata.ownerReferences } as never;
  await bench.create(resources.configMaps, { metadata: owned, ...payload } as never);
  await bench.end(job, 0);
  return name;
}

it.each([
  ["as text", false, String.raw`{.data.result\.json}'`],
  ["packed", true, String.raw`{.binaryData.result\.json\.gz}' | base64 -d | gunzip`],
] as const)("makes Changesets of an answer that lies %s, and says how it is read", async (_how, packed, command) => {
  await bench.apply("node-24", { repositories: [{ url: "https://github.com/acme/listed" }], repositorySelector: { search: "org:acme" } });
  const ref = await answer(await search("node-24-discover-1"), resultOf(["api", "web"]), packed);
  const changesets = await bench.until("three Changesets", async () => {
    const all = await bench.changesets();
    return all.length === 3 && all;
  });
  const found = changesets.filter(({ metadata }) => metadata.labels?.[label.discovered] === "true");
  expect(found.map(({ spec }) => spec.repository)).toEqual(
    expect.arrayContaining([
      { url: "https://github.com/acme/api", name: "acme/api", branch: "HEAD" },
      { url: "https://github.com/acme/web", name: "acme/web", branch: "HEAD" },
    ]),
  );
  const { discovery } = (await bench.batch("node-24"))!.status!;
  expect(discovery).toMatchObject({ ref, found: 3, taken: 2, skipped: [{ reason: "Archived", count: 1 }] });
  expect(discovery?.message?.endsWith(`kubectl -n ${namespace} get cm ${ref} -o jsonpath='${command}`)).toBe(true);
});

it("finds its repositories again after a restart, though the list is gone, and takes none of them out", async () => {
  await bench.apply("node-24", { repositorySelector: { search: "org:acme" }, suspend: true });
  const ref = await answer(await search("node-24-discover-1"), resultOf(["api", "web"]), false);
  await bench.until("two Changesets", async () => (await bench.changesets()).length === 2);
  const list = await bench.client.get(resources.configMaps, namespace, ref);
  await bench.client.remove(resources.configMaps, namespace, ref, list!.metadata.uid);
  await bench.killOperator();
  await bench.startOperator();
  await bench.edit("node-24", { suspend: false });
  await bench.run(await bench.job("acme/api"));
  await bench.phase("acme/api", "Running");
  expect((await bench.changesets()).map(({ status }) => status?.phase)).not.toContain("Removed");
});

it("runs nothing of what somebody else has put in the list's place", async () => {
  await bench.apply("node-24", { repositorySelector: { search: "org:acme" } });
  const evil = resultOf(["api"]);
  if (evil.outcome.kind === "Discovered") evil.outcome.repositories[0]!.url = "https://evil.example/acme/api";
  await answer(await search("node-24-discover-1"), evil, false);
  await bench.until("the refusal", async () => {
    const status = (await bench.batch("node-24"))?.status;
    return status?.conditions?.some(
      (one) => one.type === "Accepted" && one.reason === "LimitExceeded" && one.message.includes("evil.example"),
    );
  });
  expect(await bench.changesets()).toEqual([]);
});
