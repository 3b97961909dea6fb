import { DiscoverInput, PublishInput, taskJobName, TrackInput, type Task } from "@codybatch/crds";
import { describe, expect, it } from "vitest";
import { defaultSettings } from "../settings.ts";
import { batchOf, start } from "../testing/build.ts";
import { taskManifest, type TaskParts } from "./manifest.ts";
import { slimTask, slimTaskPod } from "./slim.ts";

const batch = batchOf();
const storage = { type: "ConfigMap", maxBytes: 1_000_000 } as const;
const changeset = { ...batch.metadata, name: "node-24-0123456789", uid: "uid-changeset" };
const run = { version: 1, namespace: "team-a", storage } as const;
const owner = { name: batch.metadata.name, uid: batch.metadata.uid };
const githubURL = "https://github.com";

const inputs = {
  publish: PublishInput.parse({
    ...run,
    task: "publish",
    batchChange: batch.metadata.name,
    changeset: { name: changeset.name, uid: changeset.uid },
    repository: { url: "https://github.com/acme/api", name: "acme/api", branch: "HEAD" },
    patch: { digest: "sha256:00", baseCommit: "0".repeat(40), tree: "1".repeat(40) },
    branch: "codybatch/node-24",
    report: { wereChangesNecessary: true, summary: "Node 24", explanation: "", filesChanged: 1, additions: 1, deletions: 1 },
    author: { name: "Cody Batch", email: "codybatch@users.noreply.github.com" },
    date: start.toISOString(),
  }),
  discover: DiscoverInput.parse({
    ...run,
    task: "discover",
    batchChange: owner,
    githubURL,
    selector: { search: "org:acme" },
    repositoryPatterns: ["**"],
    maxRepositories: 5,
  }),
  track: TrackInput.parse({ ...run, task: "track", batchChange: owner, githubURL, pullRequests: [] }),
};

function partsOf(task: Task, part: Partial<TaskParts> = {}): TaskParts {
  const owned =
    task === "publish"
      ? ({ kind: "Changeset", metadata: changeset } as const)
      : ({ kind: "BatchChange", metadata: batch.metadata } as const);
  const name = taskJobName(owned.metadata.name, task, 1);
  const patch = task === "publish" ? { patchRef: "node-24-0123456789-0-0-x-patch" } : {};
  return { name, batch, owner: owned, input: inputs[task], subject: "sha256:00", settings: defaultSettings, ...patch, ...part };
}

const tasks = ["publish", "discover", "track"] as const;

describe.each(tasks)("the Job of %s", (task) => {
  const manifest = taskManifest(partsOf(task));
  const { volumes, initContainers, containers } = manifest.spec.template.spec;

  it("is written down", async () => {
    await expect(`${JSON.stringify(manifest, undefined, 2)}\n`).toMatchFileSnapshot(`../testdata/${task}-job.json`);
  });

  it("has a name that with a pod's suffix is a label's value", () => {
    const longest = "a".repeat(40);
    expect(taskJobName(task === "publish" ? `${longest}-0123456789` : longest, task, 99).length).toBeLessThanOrEqual(57);
  });

  it("gives one container the one credential that it needs, and nobody a key for Claude or a shell", () => {
    const secrets = volumes.flatMap((volume) => ("secret" in volume ? [volume["name"]] : []));
    expect(secrets).toEqual(task === "publish" ? ["github-write", "signing"] : ["github-read"]);
    const holders = [...initContainers, ...containers].filter(({ volumeMounts }) =>
      volumeMounts.some(({ name }) => secrets.includes(name)),
    );
    expect(holders.map(({ name }) => name)).toEqual([task]);
    expect(JSON.stringify(manifest)).not.toMatch(/anthropic|"command"/i);
  });

  it("mounts only volumes that there are", () => {
    const names = volumes.map((volume) => volume["name"]);
    for (const { volumeMounts } of [...initContainers, ...containers]) {
      for (const { name } of volumeMounts) expect(names).toContain(name);
    }
  });

  it("is known again by what made it", () => {
    const stored = { ...manifest.metadata, uid: "uid-job", resourceVersion: "7", creationTimestamp: start.toISOString() };
    const kept = slimTask({ metadata: stored, spec: {}, status: {} });
    expect(kept).toMatchObject({ task, number: 1, owner: manifest.metadata.ownerReferences[0]?.uid, subject: "sha256:00" });
    const owners = [{ kind: "Job", uid: "uid-job", controller: true }];
    const pod = {
      ...manifest.spec.template.metadata,
      name: `${stored.name}-x`,
      uid: "uid-pod",
      resourceVersion: "8",
      creationTimestamp: stored.creationTimestamp,
    };
    expect(slimTaskPod({ metadata: { ...pod, ownerReferences: owners }, status: { phase: "Failed" } })).toMatchObject({
      jobUID: "uid-job",
      batchChange: "node-24",
      ended: true,
    });
  });
});

describe.each(tasks)("the Job of %s where Secrets may hold an App", (task) => {
  const settings = { ...defaultSettings, runner: { ...defaultSettings.runner, githubApp: true } };
  const { volumes, initContainers, containers } = taskManifest(partsOf(task, { settings })).spec.template.spec;
  const token = task === "publish" ? "github-write" : "github-read";

  it("mints before its work, and mounts the App's key for that alone", () => {
    expect([...initContainers, ...containers].map(({ name }) => name)).toEqual(["recorder", "mint", task]);
    const holders = (volume: string) =>
      [...initContainers, ...containers]
        .filter(({ volumeMounts }) => volumeMounts.some(({ name }) => name === volume))
        .map(({ name }) => name);
    expect([holders("github-app"), holders(token)]).toEqual([["mint"], ["mint", task]]);
    const { credentials } = batch.spec;
    const secretName = task === "publish" ? credentials.githubWriteSecret : credentials.githubReadSecret;
    expect(volumes.find(({ name }) => name === "github-app")).toMatchObject({ secret: { secretName, optional: true } });
    expect(volumes).toContainEqual({ name: token, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } });
  });
});

describe("the Job of publish", () => {
  it("reads a large patch from its pod's folder on the claim alone", () => {
    const resultStorage = { type: "PersistentVolumeClaim", claimName: "shared" } as const;
    const manifest = taskManifest(partsOf("publish", { batch: batchOf({ resultStorage }), patchRef: "pvc:pod-x/change.patch.gz" }));
    const [worker] = manifest.spec.template.spec.containers;
    expect(worker?.volumeMounts).toContainEqual({ name: "results", mountPath: "/patch", readOnly: true, subPath: "pod-x" });
  });
});
