import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { apiVersion, recordKey } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { Github } from "@codybatch/local";
import { stringify } from "yaml";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { startSite } from "../local-mode/site.ts";
import { acme, pushesTo, urlsOf } from "../story/acme.ts";
import type { Batch } from "../story/batch.ts";
import { changes, scenario } from "../story/model.ts";
import { Golden } from "./golden.ts";
import { Person } from "./person.ts";
import { Stage } from "./stage.ts";

const names = ["merged", "tampered", "found-one"];
let folder: string;
let github: Github;
let stage: Stage;
let batch: Batch;
/** Ada is an author, grace an approver, and eve both. */
let [admin, ada, grace, eve]: readonly Person[] = [];
/** Each pod that ever was: its task and its spec. */
let pods: { readonly lines: readonly string[]; readonly stop: () => void };

// One story: each test goes on from where the one before it ended.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "codybatch-github-"));
  github = await startSite(folder, acme(...names), inject("node").host);
  const limits = { repositoryPatterns: [`${github.url}/*/*`], publishPolicies: ["Never", "OnApproval", "Automatic"] };
  stage = await Stage.open({
    name: "publish",
    scenarios: [scenario("any", {}, ...changes())],
    operator: { CODYBATCH_TRACK_SECONDS: "3", CODYBATCH_PUBLISH_RETRY_SECONDS: "1" },
    values: { github: { apiURL: github.apiURL }, limits, publishing: { perMinute: 60 } },
  });
  batch = stage.batch("fates");
  admin = new Person(stage);
  [ada, grace, eve] = ["ada", "grace", "eve"].map((name) => new Person(stage, name));
  for (const name of ["read", "write"])
    await admin.does(`kubectl create secret generic github-${name} --from-literal=token=${github.token(name)?.text}`);
  for (const role of ["author", "approver"]) {
    const users = { author: "--user=ada --user=eve", approver: "--user=grace --user=eve" }[role];
    await admin.does(`kubectl create rolebinding ${role} --clusterrole=codybatch-${role} ${users}`);
  }
  const task = String.raw`{.metadata.labels.app\.kubernetes\.io/component}`;
  pods = admin.watches(`kubectl get pods -w -o jsonpath='${task} {.spec}{"\\n"}'`);
  const repositories = urlsOf({ github }, "merged", "tampered").map((url) => ({ url }));
  await ada!.does(apply("fates", { repositories, publish: { policy: "OnApproval" } }));
});
afterAll(async () => {
  pods.stop();
  await stage.close();
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(({ task }) => stage.tellFailure(task));

/** The command that applies a manifest of this spec. */
function apply(name: string, spec: object): string {
  const manifest = { apiVersion, kind: "BatchChange", metadata: { name }, spec: { prompt: "Add NEW.md.", ...spec } };
  writeFileSync(join(stage.dir, `${name}.yaml`), stringify(manifest));
  return `kubectl apply -f ${name}.yaml`;
}

/** What the message says to type for an approval. */
async function approveCommand(repository: string): Promise<string> {
  const { status } = await batch.ends(repository, "AwaitingApproval", "ApprovalNeeded");
  const [, typed = ""] = / — then approve it: (kubectl .*)$/.exec(status.message ?? "") ?? [];
  expect(typed).toContain(status.patch?.digest);
  return typed;
}

async function shows(moment: string): Promise<void> {
  const changesets = await batch.changesets();
  const golden = new Golden(new Map(changesets.map(({ metadata, spec }) => [metadata.name, `fates-${spec.repository.name.slice(5)}`])));
  const text = golden.table(await ada!.does("kubectl get cset,bc -o wide"));
  await expect(`$ kubectl get cset,bc -o wide\n${text}\n`).toMatchFileSnapshot(`testdata/publish-${moment}.txt`);
}

test("a patch waits for its approval, and kubectl shows it", async () => {
  await batch.until("waits", ({ counts }) => counts?.awaitingApproval === 2);
  await shows("awaiting");
  expect(github.pushes).toEqual([]);
});

test("the API server refuses the approval of an author, and one in another's name", async () => {
  const typed = await approveCommand("acme/merged");
  const needed = "spec.approval: approving needs the right to update changesets/approve (role codybatch-approver) and spec.approval.by = ";
  expect(await ada!.tries(typed)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${needed}ada`) as string });
  const inHerName = typed.replace(/'"\$\(.*\)"'/, "grace");
  expect(inHerName).toContain('"by":"grace"');
  expect(await ada!.tries(inHerName)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${needed}ada`) as string });
  expect(await eve!.tries(inHerName)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${needed}eve`) as string });
  const { spec } = await batch.ends("acme/merged", "AwaitingApproval");
  expect(spec.approval).toBeUndefined();
});

test("a stored patch that was exchanged is not published, though it was approved", async () => {
  const typed = await approveCommand("acme/tampered");
  const { status } = await batch.ends("acme/tampered", "AwaitingApproval");
  const stored = await stage.api.get(resources.configMaps, status.patch!.ref!);
  const { name, labels, annotations, ownerReferences } = stored!.metadata;
  const evil = gzipSync("diff --git a/evil b/evil\nnew file mode 100644\n--- /dev/null\n+++ b/evil\n@@ -0,0 +1 @@\n+evil\n");
  const exchanged = {
    ...stored,
    metadata: { name, labels, annotations, ownerReferences },
    binaryData: { [recordKey.patchGz]: evil.toString("base64") },
  };
  writeFileSync(join(stage.dir, "exchanged.yaml"), stringify(exchanged));
  await admin!.does(`kubectl delete cm ${name}; kubectl create -f exchanged.yaml`);
  await grace!.does(typed);
  const failed = await batch.ends("acme/tampered", "Failed", "PatchMismatch");
  expect(failed.status.message).toContain("The stored patch is not the one that was approved; nothing was sent.");
  expect(pushesTo({ github }, "acme/tampered")).toEqual([]);
});

test("an approver approves by the command of the message, a pull request is opened, and a person's merge is seen and counted", async () => {
  await grace!.does(await approveCommand("acme/merged"));
  const open = await batch.ends("acme/merged", "Open");
  expect(open.status.publishing?.approval).toMatchObject({ by: "grace", patch: open.status.patch?.digest });
  const note = `acme/merged: grace approved the patch ${open.status.patch?.digest}.`;
  expect(await batch.events("ApprovalRecorded")).toContainEqual({ type: "Normal", reason: "ApprovalRecorded", note });
  await batch.until("counts it", ({ counts, pullRequests }) => counts?.open === 1 && counts.failed === 1 && pullRequests === 1);
  await shows("open");
  await github.hands.merge("acme/merged", 1, "ann");
  await batch.ends("acme/merged", "Merged");
  await batch.until("counts it", ({ counts }) => counts?.merged === 1 && counts.failed === 1);
  await shows("merged");
});

test("status and metrics tell what the merged pull request has cost, all attempts included", async () => {
  const { usage, costPerMergedPullRequestUSD } = await batch.until("tells", ({ counts }) => counts?.merged === 1);
  const cost = Number(usage?.costUSD);
  expect(cost).toBeGreaterThan(0);
  expect(Number(costPerMergedPullRequestUSD)).toBeCloseTo(cost, 4);
  const { name, namespace } = stage.release;
  const metrics = await admin!.does(`kubectl get --raw /api/v1/namespaces/${namespace}/services/${name}-operator:http/proxy/metrics`);
  const [, told] = /^codybatch_cost_per_merged_pull_request_dollars (\S+)$/m.exec(metrics) ?? [];
  expect(Number(told)).toBeCloseTo(cost, 6);
  expect(metrics).toContain('codybatch_pull_requests{state="merged"} 1');
});

test("a search tells what it found before anything is paid for", async () => {
  const found = stage.batch("found");
  const repositorySelector = { search: "org:acme topic:found" };
  await ada!.does(apply("found", { repositorySelector, suspend: true }));
  const { discovery } = await found.until("has its list", ({ phase, counts }) => phase === "Suspended" && counts?.pending === 1);
  expect(discovery).toMatchObject({ outcome: "Discovered", found: 1, taken: 1 });
  expect(await ada!.does("kubectl get cset --field-selector spec.batchChange=found -o jsonpath='{.items[*].spec.repository.name}'")).toBe(
    "acme/found-one",
  );
  const { usage } = await found.reaches("Suspended");
  expect(Number(usage?.costUSD ?? 0)).toBe(0);
});

test("only who may publish makes a batch that publishes without an approval", async () => {
  const typed = `${apply("automatic", { repositories: [{ url: urlsOf({ github }, "merged")[0] }], publish: { policy: "Automatic" } })} --dry-run=server`;
  const refused = await ada!.tries(typed);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain("needs the right to update batchchanges/publish (role codybatch-approver)");
  await eve!.does(typed);
});

test("the read token has written nothing, the write token was in publish pods alone, and nothing was pushed by force", async () => {
  const secrets = (task: string): readonly string[] => {
    const own = pods.lines.filter((line) => line.startsWith(`${task} `)).join("\n");
    return [
      ...new Set([...own.matchAll(/"(?:secretName|name)":"(anthropic|github-read|github-write)"/g)].map(([, name = ""]) => name)),
    ].toSorted();
  };
  const tasks = await eventually("each kind of pod was seen", async () => {
    const seen = [...new Set(pods.lines.map((line) => line.split(" ")[0] ?? ""))].toSorted();
    return seen.length === 4 ? seen : undefined;
  });
  expect(tasks.map((task) => [task, ...secrets(task)])).toEqual([
    ["discover", "github-read"],
    ["publish", "github-write"],
    ["runner", "anthropic", "github-read"],
    ["track", "github-read"],
  ]);
  expect(github.requests.filter(({ token, writes }) => writes && token !== "write")).toEqual([]);
  expect(github.requests.filter(({ token }) => token === "read")).not.toEqual([]);
  expect(github.pushes).toMatchObject([{ repository: "acme/merged", token: "write", forced: false, refused: undefined }]);
  expect(github.mistakes).toEqual([]);
});
