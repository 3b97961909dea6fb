import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Changeset, claimPath, recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { batchOf } from "../chart/objects.ts";
import { verdict } from "../chart/site.ts";
import { must } from "../cluster/control-plane.ts";
import { type Block, blocksOf } from "../docs/block.ts";
import { isTurn } from "../local-mode/claude.ts";
import { changes, reports, scenario } from "../story/model.ts";
import { expectApplies, transcriptOf } from "../story/stored.ts";
import { Person } from "./person.ts";
import { agentRuns } from "./pod.ts";
import { Stage } from "./stage.ts";

/** So many KiB that gzip cannot shorten; each run makes the same. */
function noise(kibibytes: number): string {
  const lines = Array.from({ length: kibibytes * 32 }, (_, line) => createHash("sha256").update(`line ${line}`).digest("base64"));
  return `${lines.join("\n")}\n`;
}

const resultStorage = { type: "PersistentVolumeClaim", claimName: "results" };
const deletes = { tools: [{ name: "delete_file", input: { path: "noise.txt" } }] };
const page = readFileSync(join(import.meta.dirname, "../../../docs/guide/claim.md"), "utf8");

let stage: Stage;
let user: Person;
let root: string;
let store: { readonly api: Stage["api"]; readonly processesDir: string };
beforeAll(async () => {
  const limits = { repositoryPatterns: [`http://${inject("node").host}:*/*/*`], maxRepositories: 60 };
  stage = await Stage.open({
    name: "storage",
    values: { limits, results: { maxTotalMiB: 1 } },
    scenarios: [
      { ...scenario("large", { repository: "large/*" }, deletes, reports(true, "Less noise")), resumed: [reports(true, "Less noise")] },
      scenario("any", {}, ...changes()),
    ],
  });
  user = new Person(stage);
  store = { api: stage.api, processesDir: join(stage.cluster.state, "storage") };
  root = await makeClaim("results", 0o2770);
});
afterAll(async () => {
  await stage.close();
  must(await stage.site.kubectl(["delete", "pv", "-l", "codybatch.dev/test=storage"]));
  rmSync(store.processesDir, { recursive: true });
});
afterEach(({ task }) => stage.tellFailure(task));

/** The guide's claim on a folder of the node, whose root belongs to group 1000 as the guide says. Gives the folder. */
async function makeClaim(name: string, mode: number): Promise<string> {
  const path = join(store.processesDir, "claims/default", name);
  mkdirSync(path, { recursive: true });
  chownSync(path, 0, 1000);
  chmodSync(path, mode);
  const claimRef = { namespace: stage.namespace, name };
  const spec = { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteMany"], hostPath: { path }, claimRef };
  const metadata = { name: `${stage.namespace}-${name}`, labels: { "codybatch.dev/test": "storage" } };
  must(await stage.site.kubectl(["create", "-f", "-"], { apiVersion: "v1", kind: "PersistentVolume", metadata, spec }));
  const claim = { ...(parse(blockOf("file=claim.yaml").text) as object), metadata: { name } };
  must(await stage.site.kubectl(["-n", stage.namespace, "create", "-f", "-"], claim));
  return path;
}

/** A file of the guide. */
function blockOf(note: string): Block {
  return blocksOf("claim.md", page).find((block) => block.note === note)!;
}

/** The patch makes a clone the recorded tree. The clone is of the folder: this process serves the URL, and waits for git. */
async function applies({ spec, ...changeset }: Changeset): Promise<void> {
  const repository = { ...spec.repository, url: join(stage.dir, "repositories", `${spec.repository.name}.git`) };
  await expectApplies(store, { ...changeset, spec: { ...spec, repository } }, { claim: "results" });
}

const large = (name: string): string => stage.repository(name, { "noise.txt": noise(960), "a.txt": "a\n" });

test("a patch of more than 900 KiB and the whole transcript lie on the claim, each pod's in its own folder, and the rest in ConfigMaps", async () => {
  const batch = await stage.batch("claimed").create([large("large/api"), stage.repository("small/api")], { resultStorage });
  const ready = await batch.ends("large/api", "Ready");
  const small = await batch.ends("small/api", "Ready");
  const [pod, other] = [ready, small].map(({ status }) => status.attempts![0]!.pod!);
  expect(ready.status.patch?.ref).toBe(`pvc:${pod}/change.patch.gz`);
  expect(small.status.patch?.ref).toBe(recordName.patch(other!));
  for (const changeset of [ready, small]) {
    await applies(changeset);
    expect((await transcriptOf(store, changeset, "results")).at(-1)?.kind).toBe("ended");
  }
  const folders = readdirSync(root).map((name) => [name, readdirSync(join(root, name)).toSorted()]);
  const files = ["change.patch.gz", "transcript.jsonl.gz"];
  expect(Object.fromEntries(folders)).toEqual({ [pod!]: files, [other!]: files });
  expect(readFileSync(join(root, pod!, "change.patch.gz")).length).toBeGreaterThan(900 * 1024);
  const kept = (await batch.configMaps()).map(({ metadata }) => metadata.name).filter((name) => !/-prompt-|-live$/.test(name));
  expect(kept.toSorted()).toEqual([recordName.result(pod!), recordName.result(other!), recordName.patch(other!)].toSorted());
});

test("the guide's pod shows transcripts, and the patch by the command in status.message", async () => {
  const [ready] = (await stage.batch("claimed").changesets()).filter(({ spec }) => spec.repository.name === "large/api");
  const { text } = blockOf("file=results-reader.yaml");
  writeFileSync(join(stage.dir, "results-reader.yaml"), text.replace(/image: .*/, `image: ${stage.cluster.images.runner}`));
  const blocks = blocksOf("claim.md", page).filter(({ note }) => note === "run on a node");
  const typed = blocks.map((block) => block.text.replaceAll("team-a", stage.namespace).replaceAll("node-24", "claimed"));
  const shown = await user.does(typed.join("\n"));
  expect(shown.match(/"kind":"ended"/g)).toHaveLength(2);

  const [, read] = /results-reader \(docs\/guide\/claim\.md\), then (kubectl .*)$/.exec(ready!.status!.message ?? "") ?? [];
  await user.does(`${read} > claim.patch`);
  const there = gunzipSync(readFileSync(join(root, claimPath(ready!.status!.patch!.ref)!)));
  expect(readFileSync(join(stage.dir, "claim.patch")).equals(there)).toBe(true);
  await stage.kubectl("delete", "pod", "results-reader", "--now");
});

test("a pod sees its own folder of the claim only, and the next try goes on from a patch that lies there", async () => {
  const held = stage.claude.hold("after", isTurn("large/again", 1));
  const batch = await stage.batch("resumed").create([large("large/again")], { resultStorage });
  await held.reached();
  const { metadata } = await agentRuns(stage, "large/again");
  const before = readdirSync(root);
  expect(before.length).toBeGreaterThan(2);
  const seen = await user.does(`kubectl exec ${metadata.name} -c recorder -- find /results -mindepth 1 -type d`);
  expect(seen).toBe("");
  expect((await user.tries(`kubectl exec ${metadata.name} -c agent -- ls /results`)).stderr).toContain("No such file");

  await stage.kubectl("delete", "pod", metadata.name, "--wait=false");
  const ready = await batch.ends("large/again", "Ready");
  const [lost, done] = ready.status.attempts!;
  expect(lost).toMatchObject({ reason: "PodDeleted", patch: { ref: `pvc:${metadata.name}/change.patch.gz` } });
  expect(done).toMatchObject({ try: 1, outcome: "Reported" });
  expect((await transcriptOf(store, ready, "results"))[0]).toMatchObject({ kind: "started", resumedFrom: metadata.name });
  await applies(ready);
});

test("a claim that is not there is named", async () => {
  const url = stage.repository("small/other");
  const missing = await stage.batch("missing").create([url], { resultStorage: { ...resultStorage, claimName: "nowhere" } });
  const { status } = await missing.ends("small/other", "Pending", "Unschedulable");
  expect(status.message).toContain('persistentvolumeclaim "nowhere" not found');
  await missing.remove();
});

test("a claim whose root the pod may not write is named with what to do, and no further try is paid", async () => {
  await makeClaim("closed", 0o755);
  const batch = await stage.batch("closed").create([large("large/closed")], { resultStorage: { ...resultStorage, claimName: "closed" } });
  const { status } = await batch.ends("large/closed", "Failed", "InternalError");
  expect(status.message).toMatch(/The claim cannot be written \(EACCES.*Let group 1000 write into its root/);
  expect(status.attempts).toHaveLength(1);
});

test("more than 50 repositories are refused at kubectl apply, with the claim as the way out", async () => {
  const repositories = Array.from({ length: 51 }, (_, index) => ({ url: stage.repository(`wide/r${index}`) }));
  const apply = async (spec: object): Promise<string> =>
    verdict(await stage.site.kubectl(["-n", stage.namespace, "apply", "--dry-run=server", "-f", "-"], batchOf("wide", spec)));
  expect(await apply({ repositories })).toContain("spec.resultStorage.type PersistentVolumeClaim");
  expect(await apply({ repositories, resultStorage })).toBe("allowed");
});

test("stored results at the limit stop what is new as StorageFull, and deleting a finished batch lets it go on", async () => {
  const urls = ["a", "b"].map((name) => stage.repository(`large/${name}`, { "noise.txt": noise(600) }));
  const full = await stage.batch("full").create(urls, { parallelism: 1 });
  const next = await stage.batch("next").create([stage.repository("small/next")], { suspend: true });
  await full.reaches("Succeeded");
  await next.edit({ suspend: false });
  const { message } = await next.condition("StorageFull", "True");
  expect(message).toContain("Delete finished BatchChanges");
  await next.ends("small/next", "Pending", "WaitingForStorage");
  expect(await stage.api.list(resources.jobs, "codybatch.dev/batch-change=next")).toEqual([]);
  await full.remove();
  await next.ends("small/next", "Ready");
});
