import { batchChange, changeset, withPatch } from "@codybatch/crds/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, crdFiles, installCRDs, must, startControlPlane } from "./control-plane.ts";

const started = new AsyncDisposableStack();
let plane: ControlPlane;

beforeAll(async () => {
  plane = started.adopt(await startControlPlane(), ({ stop }) => stop());
  await installCRDs(plane);
  await store(batchChange({ suspend: true }), batchStatus);
  await store(changeset(), changesetStatus);
});
afterAll(() => started.disposeAsync());

const batchStatus = {
  phase: "Running",
  progress: "1/3",
  counts: { failed: 1, running: 2 },
  waiting: 4,
  pullRequests: 5,
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, costUSD: "0.1234" },
};
const changesetStatus = {
  ...withPatch("a"),
  reason: "ApprovalNeeded",
  diffStat: "+12 -3",
  usage: { ...batchStatus.usage, costUSD: "0.05" },
};

test("the committed CRDs are taken, also server-side and a second time without any change", async () => {
  expect(await installCRDs(plane)).toMatch(/batchchanges.codybatch.dev unchanged\n.*changesets.codybatch.dev unchanged\n/);
  const serverSide = await kubectl("apply", "--server-side", "--force-conflicts", ...crdFiles);
  expect(serverSide.match(/serverside-applied/g)).toHaveLength(2);
});

test("the API server has nothing to complain about in the schemas", async () => {
  const crds = JSON.parse(await kubectl("get", "crds", "-o", "json"));
  for (const { status } of crds.items) {
    const conditions = status.conditions.map(({ type, status: holds }: { type: string; status: string }) => `${type}=${holds}`);
    expect(conditions.toSorted()).toEqual(["Established=True", "NamesAccepted=True"]);
  }
});

describe("kubectl get", () => {
  test("shows a BatchChange by its short name", async () => {
    expect(await table("get", "bc")).toEqual([
      { NAME: "node-24", PHASE: "Running", DONE: "1/3", FAILED: "1", PRS: "5", COST: "0.1234", AGE: age },
    ]);
  });

  test("shows more of a BatchChange with -o wide", async () => {
    const [row] = await table("get", "batchchange", "-o", "wide");
    expect(row).toMatchObject({ RUNNING: "2", WAITING: "4", SUSPENDED: "true", MODEL: "claude-sonnet-5-5" });
  });

  test("shows a Changeset by its short name", async () => {
    expect(await table("get", "cset")).toEqual([
      {
        NAME: "node-24-0123456789",
        REPOSITORY: "acme/api",
        PHASE: "AwaitingApproval",
        REASON: "ApprovalNeeded",
        DIFF: "+12 -3",
        COST: "0.05",
        PR: "",
        AGE: age,
      },
    ]);
  });

  test.each([["codybatch"], ["bc,cset"]])("of %s shows both kinds", async (kinds) => {
    expect((await kubectl("get", kinds, "-o", "name")).split("\n").toSorted()).toEqual([
      "",
      "batchchange.codybatch.dev/node-24",
      "changeset.codybatch.dev/node-24-0123456789",
    ]);
  });

  test("leaves the short name cs to Kubernetes", async () => {
    expect(await kubectl("get", "cs", "-o", "name")).toContain("componentstatus");
  });

  test.each([
    ["spec.batchChange=node-24", 1],
    ["spec.batchChange=other", 0],
    ["status.phase=AwaitingApproval", 1],
    ["status.phase!=AwaitingApproval", 0],
    ["spec.batchChange=node-24,status.phase=AwaitingApproval", 1],
  ])("selects Changesets by %s", async (selector, count) => {
    expect(JSON.parse(await kubectl("get", "cset", "--field-selector", selector, "-o", "json")).items).toHaveLength(count);
  });

  test("says that another field cannot be selected", async () => {
    const { exitCode, stderr } = await plane.kubectl(["get", "cset", "--field-selector", "spec.attempt=1"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("field label not supported: spec.attempt") });
  });
});

describe("kubectl explain", () => {
  test("tells what the agent's settings mean and what holds without them", async () => {
    const text = await kubectl("explain", "batchchange.spec.agent");
    expect(text).toMatch(/FIELD: agent <Object>/);
    expect(text).toMatch(/maxTurns\t<integer>\n\s+\S.*Default: 60\./);
    expect(text).toMatch(/maxCostUSD\t<Object>\n\s+\S[^]*?Default:\s+2\.00/);
  });

  test.each(["bc", "cset"])("describes every field of %s", async (kind) => {
    const text = await kubectl("explain", kind, "--recursive", "--output=plaintext-openapiv2");
    expect(text).not.toContain("<no description>");
    expect(text).not.toContain("<empty>");
  });
});

const age = expect.stringMatching(/^\d+s$/);

async function kubectl(...args: readonly string[]): Promise<string> {
  return must(await plane.kubectl(args));
}

async function store(manifest: object, status: object): Promise<void> {
  must(await plane.kubectl(["create", "-f", "-"], JSON.stringify(manifest)));
  must(
    await plane.kubectl(
      ["patch", "-f", "-", "--subresource=status", "--type=merge", "-p", JSON.stringify({ status })],
      JSON.stringify(manifest),
    ),
  );
}

/** The rows of kubectl's table by the names of its columns. */
async function table(...args: readonly string[]): Promise<readonly Readonly<Record<string, string>>[]> {
  const [head = "", ...rows] = (await kubectl(...args)).trimEnd().split("\n");
  const columns = [...head.matchAll(/\S+\s*/g)].map(({ 0: text, index }) => ({ name: text.trim(), from: index, to: index + text.length }));
  const last = columns.at(-1)?.name;
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, from, to }) => [name, row.slice(from, name === last ? undefined : to).trim()])),
  );
}
