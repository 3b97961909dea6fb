import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { chartFolder, findHelm, type Helm, required, template } from "../chart/chart.ts";
import { findingOf, scan, type Scan } from "../chart/checkov.ts";
import { must } from "./control-plane.ts";

const job = join(chartFolder, "../../operator/src/reconcile/testdata/job.json");
const jobName = "team-a.node-24-1b6ed23ea3-0-0";
/** The image is the administrator's to choose; by digest it is always the one that was looked at. */
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const values = {
  ...required,
  operator: { image: `registry.example/codybatch-operator:0.1.0@${digest}` },
  runner: { image: `registry.example/codybatch-runner:0.1.0@${digest}` },
  watchNamespaces: ["team-a"],
};

const Exceptions = z.array(
  z.strictObject({
    check: z.string(),
    says: z.string(),
    resources: z.array(z.string()).min(1),
    reason: z.string().min(40),
  }),
);

let helm: Helm;
let folder: string;
let exceptions: readonly string[];
beforeAll(async () => {
  helm = await findHelm();
  folder = await mkdtemp(join(tmpdir(), "codybatch-scan-"));
  const listed = Exceptions.parse(parse(await readFile(join(chartFolder, "../checkov.yaml"), "utf8")));
  exceptions = listed.flatMap(({ check, says, resources }) => resources.map((resource) => findingOf(check, says, resource))).toSorted();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A Job as the operator makes it. */
async function changeJob(): Promise<string> {
  return (await readFile(job, "utf8")).replaceAll(required.runner.image, values.runner.image);
}

/** The chart's objects with others beside them, as a cluster would have them. */
async function scanned(more: object, ...beside: readonly string[]): Promise<Scan> {
  const place = await mkdtemp(join(folder, "manifests-"));
  await writeFile(join(place, "chart.yaml"), must(await template(helm, { ...values, ...more })));
  await Promise.all(beside.map((manifest, index) => writeFile(join(place, `${index}.json`), manifest)));
  return scan(place);
}

test("helm lint --strict has nothing to say", async () => {
  const { exitCode, stdout } = await helm(["lint", "--strict", chartFolder], { values });
  expect({ exitCode, said: stdout.match(/\[(WARNING|ERROR)\].*/g) }).toEqual({ exitCode: 0, said: null });
});

describe("the policy scanner", () => {
  const ofRelease = (kind: string, name = "cody-operator"): string => `${kind}.codybatch-system.${name}`;

  test("finds in the whole chart and in a change Job what the exceptions name, no more and no less", async () => {
    const { findings, resources } = await scanned({}, await changeJob());
    expect(resources).toEqual(expect.arrayContaining([`Job.${jobName}`, ofRelease("Deployment"), ofRelease("Pod", "cody-operator-test")]));
    expect(findings).toEqual(exceptions);
  });

  test("finds no more in an install of a namespace", async () => {
    const { findings, resources } = await scanned({ install: "namespace" }, await changeJob());
    expect(resources).toContain(ofRelease("Deployment"));
    expect(findings).toEqual(exceptions);
  });

  test("finds nothing in the administrator's part", async () => {
    const { findings, resources } = await scanned({ install: "cluster" });
    expect(resources.join()).toContain("codybatch-operator.cody.codybatch-system");
    expect(findings).toEqual([]);
  });

  test.each([
    ["a privilege", (text: string) => text.replace('"allowPrivilegeEscalation": false', '"privileged": true'), "CKV_K8S_16"],
    ["a pod that no NetworkPolicy selects", (text: string) => text.replaceAll('"app.kubernetes.io/name"', '"name"'), "CKV2_K8S_6"],
  ])("would see %s", async (_, weaken, check) => {
    const { findings } = await scanned({}, weaken(await changeJob()));
    expect(findings.filter((finding) => finding.startsWith(`${check} `)).join()).toContain(jobName);
  });
});
