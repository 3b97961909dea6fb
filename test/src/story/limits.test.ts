import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isTurn, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { Batch } from "./batch.ts";
import { endStory, tellFailure } from "./ending.ts";
import { changes, scenario } from "./model.ts";
import { expectApplies } from "./stored.ts";

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode({
    limits: {
      maxRepositories: 2,
      repositoryPatterns: ["file://**/acme/*"],
      models: ["claude-sonnet-*", "claude-opus-5-5"],
      maxCostUSD: 5,
      parallelism: 5,
      publishPolicies: ["Never"],
      // 1 KiB: less than one run leaves, more than a prompt takes.
      maxTotalMiB: 1 / 1024,
    },
    scenarios: [scenario("any", {}, ...changes())],
  });
});
afterAll(() => endStory(local));

afterEach(({ task }) => tellFailure(local, task));

function batchOf(name: string): Batch {
  return new Batch(local, name);
}

const api = "file:///git/acme/api";

test.each([
  {
    name: "too-many",
    urls: [api, "file:///git/acme/web", "file:///git/acme/cli"],
    message:
      "spec.repositories: 3 repositories are more than the 2 that the administrator allows in one batch; split the batch or ask for a higher limit.",
  },
  {
    name: "foreign",
    urls: [api, "file:///git/rival/api"],
    message:
      "spec.repositories[1].url: file:///git/rival/api fits none of the allowed patterns file://**/acme/*; take it out or ask the administrator.",
  },
  {
    name: "model",
    spec: { agent: { model: "claude-fable-5-2" } },
    message: "spec.agent.model: claude-fable-5-2 is not allowed; use one of claude-sonnet-*, claude-opus-5-5.",
  },
  {
    name: "secret",
    spec: { credentials: { anthropicSecret: "payroll" } },
    message: "spec.credentials.anthropicSecret: the Secret payroll is not among the allowed names anthropic, github-read, github-write.",
  },
  {
    name: "dear",
    spec: { budget: { maxCostUSD: "5.01" } },
    message: "spec.budget.maxCostUSD: the batch may cost $5.01, the administrator allows $5; set a lower budget.",
  },
  { name: "wide", spec: { parallelism: 6 }, message: "spec.parallelism: 6 is more than the 5 that the administrator allows." },
  {
    name: "policy",
    spec: { publish: { policy: "OnApproval" } },
    message: "spec.publish.policy: OnApproval is not allowed here; use Never.",
  },
])(
  "beyond the administrator's limits nothing runs and the batch says what to do: $name",
  async ({ name, urls = [api], spec = {}, message }) => {
    const batch = await batchOf(name).create(urls, spec);
    const accepted = await batch.condition("Accepted", "False");
    expect(accepted).toMatchObject({ reason: "LimitExceeded", message });
    const status = await batch.reaches("Pending");
    expect(status).toMatchObject({ progress: `0/${urls.length}` });
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Progressing", status: "False", reason: "NotAccepted" }));
    expect(await batch.events("LimitExceeded")).toEqual([{ type: "Warning", reason: "LimitExceeded", note: message }]);
    expect([await batch.changesets(), await batch.jobs(), await batch.configMaps()]).toEqual([[], [], []]);
  },
);

test("a batch within the limits after an edit runs", async () => {
  const url = local.repository("acme/api", { "a.txt": "a\n" });
  const held = local.gates.claude.hold("before", isTurn("acme/api", 0));
  const batch = await batchOf("mended").create([url], { agent: { model: "claude-fable-5-2" } });
  await batch.condition("Accepted", "False");
  await batch.edit({ agent: { model: "claude-opus-5-5" } });
  await batch.condition("Accepted", "True");
  expect(JSON.parse((await held.reached()).body)).toMatchObject({ model: "claude-opus-5-5" });
  held.release();
  expect(await expectApplies(local, await batch.ends("acme/api", "Ready"))).toContain("NEW.md");
});

test("when stored results reach the limit nothing new starts, and deleting a finished batch lets the next one go on", async () => {
  const [finished] = [batchOf("mended")];
  const url = local.repository("acme/next", { "a.txt": "a\n" });
  const next = await batchOf("next").create([url]);
  const full = await next.condition("StorageFull", "True");
  expect(full.message).toContain("Delete finished BatchChanges, shorten spec.resultStorage.retain, or use a PersistentVolumeClaim.");
  expect((await next.ends("acme/next", "Pending", "WaitingForStorage")).status.message).toContain("Delete finished BatchChanges");
  expect(await next.jobs()).toEqual([]);
  await finished.remove();
  await next.ends("acme/next", "Ready");
});
