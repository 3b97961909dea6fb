import { paths, urlOf } from "@codybatch/dashboard-contract";
import { describe, expect, it } from "vitest";
import { resources } from "@codybatch/operator";
import { at, endedAttempt, eventually, stages, users, type Stage } from "../testing/stage.ts";

const open = stages();
type Row = Readonly<Record<string, unknown>>;
const named = (rows: readonly Row[]) => rows.map(({ name }) => name);

async function withBatches(): Promise<Stage> {
  const stage = await open();
  await stage.batch("team-a", "node-24", {
    labels: { wave: "one" },
    status: { phase: "Failed", counts: { failed: 2, merged: 1 }, progress: "3/3" },
  });
  await stage.batch("team-a", "node-25", { labels: { wave: "two" }, spec: { prompt: "Find the Zebra." }, status: { phase: "Running" } });
  await stage.batch("team-b", "eslint", { labels: { wave: "one" }, status: { phase: "Succeeded" } });
  await eventually("all are listed", async () => (await stage.get(paths.batches)).body.total === 3);
  return stage;
}

const list = async (stage: Stage, query: string) => (await stage.get(`${paths.batches}?${query}`)).body;

describe("the list of batches", () => {
  it("filters, and counts what each filter would leave", async () => {
    const stage = await withBatches();
    const failed = await list(stage, "phase=Failed,Running&label=wave%3Done&sort=name");
    expect(named(failed.items)).toEqual(["node-24"]);
    expect(failed.facets.phase).toEqual([
      { value: "Failed", count: 1 },
      { value: "Succeeded", count: 1 },
    ]);
    expect(failed.facets.label).toEqual([
      { value: "wave=one", count: 1 },
      { value: "wave=two", count: 1 },
    ]);
    expect([failed.total, failed.visible]).toEqual([1, 3]);
    expect(named((await list(stage, "namespace=team-b")).items)).toEqual(["eslint"]);
  });

  it("finds words in names, labels, prompts and repositories, in any order and case", async () => {
    const stage = await withBatches();
    expect(named((await list(stage, "q=ZEBRA+node")).items)).toEqual(["node-25"]);
    expect(named((await list(stage, "q=acme/api&sort=name")).items)).toEqual(["eslint", "node-24", "node-25"]);
    expect((await list(stage, "q=.*")).items).toEqual([]);
  });

  it("turns pages in each order without leaving out or repeating a row", async () => {
    const stage = await withBatches();
    for (const sort of ["-created", "created", "name", "-name", "phase", "-cost", "-failed", "-finished"]) {
      const seen: string[] = [];
      for (let cursor = ""; ;) {
        const page = await list(stage, `sort=${sort}&limit=1${cursor}`);
        seen.push(...named(page.items).map(String));
        if (page.next === undefined) break;
        cursor = `&cursor=${page.next}`;
      }
      expect([sort, seen.toSorted((a, b) => a.localeCompare(b))]).toEqual([sort, ["eslint", "node-24", "node-25"]]);
    }
  });

  it.each([
    "cursor=nonsense",
    "sort=evil",
    "limit=0",
    "limit=1e9",
    "phase=Nope",
    "label=a=b=c",
    "unknown=1",
    "namespace=../x",
    `q=${"x".repeat(300)}`,
  ])("refuses %s and names the field", async (query) => {
    const stage = await open();
    const answer = await stage.get(`${paths.batches}?${query}`);
    expect([answer.status, answer.body.error.kind, answer.body.error.field]).toEqual([400, "BadRequest", query.split("=")[0]]);
  });

  it("refuses the cursor of another order", async () => {
    const stage = await withBatches();
    const { next } = await list(stage, "sort=name&limit=1");
    expect((await stage.get(`${paths.batches}?sort=-name&limit=1&cursor=${next}`)).status).toBe(400);
  });
});

const params = { namespace: "team-a", name: "node-24" };

async function withRepositories(): Promise<Stage> {
  const stage = await open();
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costUSD: "1.00" };
  await stage.batch("team-a", "node-24", {
    status: { phase: "PartiallySucceeded", progress: "3/4", counts: { failed: 2, merged: 1, running: 1 }, pullRequests: 1, usage },
  });
  const failed = { phase: "Failed", attempts: [endedAttempt("p", { outcome: "Failed" })] };
  await stage.changeset("team-a", "node-24-1", "node-24", { repository: "acme/one", status: { ...failed, reason: "Stuck" } });
  await stage.changeset("team-a", "node-24-2", "node-24", { repository: "acme/two", status: { ...failed, reason: "NodeLost" } });
  const pullRequest = {
    url: "https://github.com/acme/three/pull/7",
    number: 7,
    state: "merged",
    createdAt: at(10),
    mergedAt: at(20),
    closedAt: at(20),
  };
  await stage.changeset("team-a", "node-24-3", "node-24", {
    repository: "acme/three",
    status: { phase: "Merged", attempts: [endedAttempt("p")], usage, pullRequest },
  });
  await stage.changeset("team-a", "node-24-4", "node-24", { repository: '=acme/<b>`four`|"x"', status: { phase: "Running" } });
  await eventually("all are listed", async () => (await stage.get(urlOf("repositories", { params }))).body?.facets?.phase?.length === 3);
  return stage;
}

describe("the table of repositories", () => {
  it("shows first what needs somebody, and groups by reason with the next step", async () => {
    const stage = await withRepositories();
    const { items, groups, facets } = (await stage.get(urlOf("repositories", { params }))).body;
    expect(items.map(({ phase }: Row) => phase)).toEqual(["Failed", "Failed", "Running", "Merged"]);
    expect(groups).toMatchObject([
      { reason: "NodeLost", count: 1, next: expect.any(String) },
      { reason: "Stuck", count: 1, examples: ["acme/one"] },
    ]);
    expect(facets.phase).toEqual([
      { value: "Failed", count: 2 },
      { value: "Merged", count: 1 },
      { value: "Running", count: 1 },
    ]);
    const stuck = (await stage.get(urlOf("repositories", { params, query: { reason: "Stuck" } }))).body;
    expect([stuck.items.length, stuck.groups.length]).toEqual([1, 2]);
  });

  it("equals the last step of the burndown", async () => {
    const stage = await withRepositories();
    const { points } = (await stage.get(urlOf("burndown", { params }))).body;
    expect(points.at(-1)).toMatchObject({ working: 1, failed: 2, merged: 1, done: 0, open: 0, closed: 0 });
  });
});

describe("one batch", () => {
  it("floors its percent, sums its patches and offers what can be done", async () => {
    const stage = await withRepositories();
    const batch = (await stage.get(urlOf("batch", { params }))).body;
    expect(batch).toMatchObject({
      percent: 75,
      publishPolicy: "Never",
      rates: { successPercent: 33, mergePercent: 100 },
      budget: { spentUSD: "1.00" },
    });
    expect(batch.spec).toMatch(/^apiVersion: codybatch.dev\/v1alpha1\nkind: BatchChange\n/);
    expect(batch.commands.map(({ line }: Row) => line)).toContain(
      `kubectl -n team-a patch bc node-24 --type merge -p '{"spec":{"retryFailed":1}}'`,
    );
  });

  it("adds its usage up by day and by repository to the same sum", async () => {
    const stage = await withRepositories();
    const usage = (await stage.get(urlOf("batchUsage", { params }))).body;
    expect(usage.total).toMatchObject({ costUSD: "1.50", attempts: 4 });
    expect(usage.perDay).toMatchObject([{ key: at(0).slice(0, 10), costUSD: "0.75", attempts: 3 }]);
    expect(usage.undated).toMatchObject({ costUSD: "0.75" });
    expect(usage.perRepository[0]).toMatchObject({ key: "acme/three", costUSD: "1.00" });
  });

  it("tells its Events", async () => {
    const stage = await withRepositories();
    const regarding = { kind: "BatchChange", name: "node-24", namespace: "team-a" };
    const fields = {
      type: "Warning",
      note: "<b>text</b>",
      action: "a",
      eventTime: at(1),
      reportingController: "c",
      reportingInstance: "i",
    };
    const resource = { group: "events.k8s.io", version: "v1", plural: "events", kind: "Event" };
    await stage.create(resource, "team-a", { metadata: { name: "one", namespace: "team-a" }, reason: "BudgetSpent", regarding, ...fields });
    await stage.create(resource, "team-a", {
      metadata: { name: "two", namespace: "team-a" },
      reason: "Other",
      regarding: { ...regarding, name: "x" },
      ...fields,
    });
    expect((await stage.get(urlOf("batch", { params }))).body.events).toMatchObject([
      { reason: "BudgetSpent", message: "<b>text</b>", type: "Warning" },
    ]);
  });
});

describe("an export", () => {
  it("as CSV starts no formula and keeps each text in its cell", async () => {
    const stage = await withRepositories();
    const csv = await stage.get(`${paths.report}?namespace=team-a&name=node-24&format=csv`);
    const lines = csv.text.split("\r\n");
    expect(lines).toHaveLength(6);
    expect(lines[1]).toMatch(/^"'=acme\/<b>`four`\|""x""",,Running,/);
    expect([csv.headers.get("content-type"), csv.headers.get("content-disposition")]).toEqual([
      "text/csv; charset=utf-8",
      'attachment; filename="team-a-node-24.csv"',
    ]);
  });

  it("as Markdown holds texts of repositories as texts", async () => {
    const stage = await withRepositories();
    const { text } = await stage.get(`${paths.report}?namespace=team-a&name=node-24&format=markdown`);
    expect(text).toContain('| =acme/\\<b\\>\\`four\\`\\|"x" | Running |');
    expect(text).toContain("- Finished: 3 of 4");
  });
});

describe("over all batches", () => {
  it("failures are grouped by reason, and those of the cluster are told apart", async () => {
    const stage = await withRepositories();
    const { total, groups, items } = (await stage.get(paths.failures)).body;
    expect(total).toBe(2);
    expect(groups).toMatchObject([
      { reason: "NodeLost", infrastructure: true, batches: 1 },
      { reason: "Stuck", infrastructure: false, batches: 1 },
    ]);
    expect(items[0]).toMatchObject({ namespace: "team-a", batchChange: "node-24", finishedAt: at(5) });
    expect((await stage.get(`${paths.failures}?reason=Stuck`)).body.items).toHaveLength(1);
  });

  it("usage adds up by day, model, namespace and batch to the same sum", async () => {
    const stage = await withRepositories();
    const report = (await stage.get(`${paths.usage}?days=366`)).body;
    expect(report).toMatchObject({
      total: { costUSD: "1.50" },
      perModel: [{ key: "claude-sonnet-5-5", costUSD: "1.50" }],
      perNamespace: [{ key: "team-a", costUSD: "1.50" }],
      perBatch: [{ key: "team-a/node-24", costUSD: "1.50" }],
      rates: { all: { repositories: 3, failed: 2, succeeded: 1, pullRequests: 1, merged: 1 } },
      hidden: [],
    });
  });

  it("usage follows changes, and who asked before changes nothing for who may see less", async () => {
    const deny = [{ group: "codybatch.dev", resource: "batchchanges", subresource: "cost", namespace: "team-b" }];
    const everywhere = { group: "codybatch.dev", resource: "batchchanges", subresource: "cost", verb: "get", namespace: "" };
    const accountant = { token: "accountant", username: "accountant@example.com", groups: [], deny: [everywhere, ...deny] };
    const stage = await open({}, { users: [...users, accountant] });
    const used = (costUSD: string) => ({
      phase: "Ready",
      attempts: [endedAttempt("p", { usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, costUSD } })],
    });
    await stage.batch("team-a", "mine");
    await stage.batch("team-b", "theirs");
    await stage.changeset("team-a", "mine-1", "mine", { status: used("1.00") });
    const { metadata } = await stage.changeset("team-b", "theirs-1", "theirs", { status: used("5.00") });
    const total = async (as: string) => (await stage.get(paths.usage, { as })).body.total?.costUSD;
    await eventually("all is summed", async () => (await total("approver")) === "6.00");
    expect([await total("accountant"), await total("viewer")]).toEqual(["1.00", undefined]);
    await stage.client.mergePatch(resources.changesets, "team-b", "theirs-1", { status: used("7.00") }, "status");
    await stage.client.mergePatch(resources.changesets, "team-a", "mine-1", { status: used("2.00") }, "status");
    await eventually("the change is summed", async () => (await total("approver")) === "9.00");
    const seen = (await stage.get(paths.usage, { as: "accountant" })).body;
    expect([seen.total.costUSD, seen.hidden, seen.perBatch.map(({ key }: Row) => key)]).toEqual(["2.00", ["team-b"], ["team-a/mine"]]);
    await stage.client.remove(resources.changesets, "team-b", "theirs-1", metadata.uid);
    await eventually("what is gone counts no longer", async () => (await total("approver")) === "2.00");
  });

  it("failures follow changes, by what each viewer may see", async () => {
    const stage = await open();
    const failed = { status: { phase: "Failed", reason: "Stuck" } };
    for (const namespace of ["team-a", "team-b"]) await stage.batch(namespace, "same");
    await stage.changeset("team-a", "same-1", "same", failed);
    const { metadata } = await stage.changeset("team-b", "same-1", "same", failed);
    const groups = async (as: string) =>
      (await stage.get(paths.failures, { as })).body.groups.map(({ reason, count, batches }: Row) => [reason, count, batches]);
    await eventually("both failed", async () => JSON.stringify(await groups("approver")) === '[["Stuck",2,2]]');
    expect(await groups("viewer")).toEqual([["Stuck", 1, 1]]);
    await stage.client.mergePatch(resources.changesets, "team-a", "same-1", { status: { phase: "Pending", reason: null } }, "status");
    await eventually("one is tried again", async () => JSON.stringify(await groups("approver")) === '[["Stuck",1,1]]');
    await stage.client.remove(resources.changesets, "team-b", "same-1", metadata.uid);
    await eventually("the other is gone", async () => JSON.stringify(await groups("approver")) === "[]");
  });
});
