import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { gzipSync } from "node:zlib";
import { label, patchDigest } from "@codybatch/crds";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chartFolder } from "../chart/chart.ts";
import { batchOf, changesetOf } from "../chart/objects.ts";
import { Site, verdict } from "../chart/site.ts";
import { blocksOf, type Block } from "../docs/block.ts";
import { command } from "../process/command.ts";
import { kubectlEnvironment, must, toolFolder } from "./control-plane.ts";
import { eventually } from "./deadline.ts";

const root = join(chartFolder, "../..");
const release = { name: "cody-batch", namespace: "cody-batch" };
const patch = "diff --git a/.nvmrc b/.nvmrc\n";
const baseCommit = "b".repeat(40);
let started: AsyncDisposableStack;
let site: Site;
let folder: string;

/** A control plane without nodes, and a folder that looks like a checkout with the reader's own files. */
beforeEach(async () => {
  started = new AsyncDisposableStack();
  site = started.adopt(await Site.start(), (running) => running.stop());
  folder = started.adopt(await mkdtemp(join(tmpdir(), "codybatch-guide-")), (path) => rm(path, { recursive: true, force: true }));
  await symlink(join(root, "charts"), join(folder, "charts"));
  for (const file of ["claude-key", "read-token", "ca.crt"]) await writeFile(join(folder, file), `${file}\n`);
});
afterEach(() => started.disposeAsync());

async function pageOf(name: string): Promise<readonly Block[]> {
  return blocksOf(name, await readFile(join(root, "docs/guide", name), "utf8"));
}

/** Types the page's blocks from top to bottom, those that need no node, and gives what each said. */
async function follow(page: string): Promise<string> {
  const env = { ...kubectlEnvironment(site.kubeconfig), PATH: [await toolFolder(), process.env["PATH"]].join(delimiter), TMPDIR: folder };
  let said = "";
  for (const { document, line, language, note, text } of await pageOf(page)) {
    if (note.startsWith("file=")) await writeFile(join(folder, note.slice("file=".length)), text);
    if (language !== "sh" || note !== "run") continue;
    const { exitCode, stdout, stderr } = await command("bash", ["-euo", "pipefail", "-c", text], { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`${document}:${line} ends with ${exitCode}: ${stderr}`);
    said += stdout + stderr;
  }
  return said;
}

const inA = (...args: readonly string[]): readonly string[] => ["-n", "team-a", ...args];
const names = async (...args: readonly string[]): Promise<string> => must(await site.kubectl(["get", ...args, "-o", "name"]));

/** As install.md leaves it, with a batch whose one patch waits for approval. */
async function installed(): Promise<void> {
  await site.makeNamespaces(release.namespace, "team-a");
  must(await site.chart("install", release, { watchNamespaces: ["team-a"], networkPolicy: {} }));
  must(await site.kubectl(inA("create", "-f", "-"), batchOf("node-24")));
  await eventually("the policies hold", async () => {
    const foreign = changesetOf("foreign", { name: "node-24", uid: "u" });
    const tried = await site.kubectl(inA("create", "--dry-run=server", "-f", "-"), foreign);
    return verdict(tried).includes("only the operator makes Changesets") || undefined;
  });
  await makeResult();
}

async function makeResult(): Promise<void> {
  const uid = must(await site.kubectl(inA("get", "bc", "node-24", "-o", "jsonpath={.metadata.uid}")));
  const operator = site.as(`system:serviceaccount:${release.namespace}:cody-batch-operator`, "system:masters");
  const name = "node-24-0123456789";
  must(await operator(inA("create", "-f", "-"), changesetOf(name, { name: "node-24", uid })));
  const status = {
    phase: "AwaitingApproval",
    patch: { digest: patchDigest(baseCommit, Buffer.from(patch)), baseCommit, tree: "c".repeat(40), bytes: patch.length, ref: "p-patch" },
    transcript: { refs: ["p-transcript-0"], events: 1 },
  };
  must(await operator(inA("patch", "cset", name, "--type=merge", "--subresource=status", "-p", JSON.stringify({ status }))));
  const owner = must(await site.kubectl(inA("get", "cset", name, "-o", "jsonpath={.metadata.uid}")));
  await makeRecord("p-patch", { "change.patch.gz": patch }, { name, uid: owner });
  await makeRecord("p-transcript-0", { "transcript.jsonl.gz": '{"type":"end"}\n' }, { name, uid: owner });
}

async function makeRecord(name: string, content: Readonly<Record<string, string>>, owner: { name: string; uid: string }): Promise<void> {
  const ownerReferences = [{ apiVersion: "codybatch.dev/v1alpha1", kind: "Changeset", ...owner }];
  const binaryData = Object.fromEntries(Object.entries(content).map(([key, text]) => [key, gzipSync(text).toString("base64")]));
  const metadata = { name, labels: { [label.changeset]: owner.name }, ownerReferences };
  must(await site.kubectl(inA("create", "-f", "-"), { apiVersion: "v1", kind: "ConfigMap", metadata, binaryData }));
}

test("install.md installs for namespaces, for the cluster, and for a team without an administrator's rights", async () => {
  await follow("install.md");
  expect(
    must(await site.helm(["list", "-A", "-q"]))
      .trim()
      .split("\n"),
  ).toEqual(["cody-batch", "mine"]);
  expect(await names("networkpolicy", "-n", "team-b")).toContain("cody-batch-change");
  const stored = must(await site.kubectl(["-n", "cody-batch", "get", "deployment", "cody-batch-operator", "-o", "yaml"]));
  for (const words of ["http://proxy.example:3128", "company-ca", "https://git.example/*/*", "name: registry"])
    expect(stored).toContain(words);
});

test("credentials.md makes the Secrets with the keys that pods look for, and replaces them", async () => {
  await installed();
  await follow("credentials.md");
  for (const [secret, key, content] of [
    ["anthropic", "api-key", "claude-key"],
    ["github-read", "token", "read-token"],
  ] as const) {
    const stored = must(await site.kubectl(inA("get", "secret", secret, "-o", `jsonpath={.data.${key}}`)));
    expect(Buffer.from(stored, "base64").toString().trim()).toBe(content);
  }
});

test("limits.md shows the refusal of its table and raises the limit", async () => {
  await installed();
  const said = await follow("limits.md");
  expect(said).toContain("6 repositories are more than the 5 that the administrator allows in one batch");
  expect(said).toContain("batchchange.codybatch.dev/six created (server dry run)");
});

test("checks.md shows the refusal of a toolbox and opens it for the images that it names", async () => {
  await installed();
  const said = await follow("checks.md");
  expect(said).toContain("spec.toolbox: no toolbox is allowed here, because it runs code of the repository");
  expect(said).toContain("batchchange.codybatch.dev/checked created (server dry run)");
});

test("roles.md binds the roles, and approves exactly the patch that it shows", async () => {
  await installed();
  const said = await follow("roles.md");
  expect(said).toContain(patch);
  expect(said.match(/changeset.codybatch.dev\/node-24-0123456789 patched/g)).toHaveLength(2);
  expect(said.trim().split("\n").slice(-2)).toEqual(["yes", "yes"]);
});

test("dashboard.md opens the dashboard to browsers, and lets it read results in one more namespace", async () => {
  await installed();
  await site.makeNamespaces("team-b");
  const dashboard = site.as(`system:serviceaccount:${release.namespace}:cody-batch-dashboard`);
  const mayRead = async (): Promise<string> => (await dashboard(["-n", "team-b", "auth", "can-i", "get", "configmaps"])).stdout.trim();
  expect(await mayRead()).toBe("no");
  await follow("dashboard.md");
  await eventually("it may read results there", async () => (await mayRead()) === "yes" || undefined);
  const hosts = [
    "-n",
    release.namespace,
    "get",
    "ingress",
    "cody-batch-dashboard",
    "-o",
    "jsonpath={.spec.rules[*].host} {.spec.tls[*].hosts[*]}",
  ];
  expect(must(await site.kubectl(hosts))).toBe("cody.example cody.example");
  const operator = must(await site.kubectl(["-n", release.namespace, "get", "deployment", "cody-batch-operator", "-o", "yaml"]));
  expect(operator).toContain('"dashboardURL":"https://cody.example"');
});

test("monitoring.md finds the batch and the Changeset that an alert is about", async () => {
  await installed();
  const operator = site.as(`system:serviceaccount:${release.namespace}:cody-batch-operator`, "system:masters");
  const condition = {
    type: "BudgetNearlySpent",
    status: "True",
    reason: "MostOfBudgetSpent",
    message: "$4.00 of $5.00",
    lastTransitionTime: "2026-03-02T09:00:00Z",
  };
  for (const [kind, name, status] of [
    ["bc", "node-24", { conditions: [condition] }],
    ["cset", "node-24-0123456789", { phase: "Failed", reason: "ResultLost" }],
  ] as const)
    must(await operator(inA("patch", kind, name, "--type=merge", "--subresource=status", "-p", JSON.stringify({ status }))));
  expect((await follow("monitoring.md")).trim().split("\n")).toEqual([
    "team-a node-24-0123456789",
    "team-a node-24 $4.00 of $5.00",
    "team-a node-24",
  ]);
});

test("upgrade.md keeps results, and removes what it says it removes", async () => {
  await installed();
  await site.makeNamespaces("team-n");
  const prepared = { install: "cluster", crds: { install: false }, watchNamespaces: ["team-n"] };
  must(await site.applyText(must(await site.helm(["template", "mine", chartFolder, "-n", "team-n"], prepared))));
  await follow("upgrade.md");
  expect(await readFile(join(folder, "results/node-24-0123456789.patch"), "utf8")).toBe(patch);
  expect(await readFile(join(folder, "results/node-24-0123456789.jsonl"), "utf8")).toBe('{"type":"end"}\n');
  const left = await names("crd,clusterrole,clusterrolebinding,validatingadmissionpolicy,validatingadmissionpolicybinding");
  expect(left).not.toContain("codybatch");
});
