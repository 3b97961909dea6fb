import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { batchChange } from "../server/testing/objects.ts";
import { Bench, container, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const batches = "/apis/codybatch.dev/v1alpha1/namespaces/default/batchchanges";
const maps = "/api/v1/namespaces/default/configmaps";
const results = { name: "results", persistentVolumeClaim: { claimName: "results" } };
const resultsMount = { name: "results", mountPath: "/results" };
const resultsVariable = { name: "CODYBATCH_RESULTS_DIR", value: "/results" };

const worker = `
ls -ld "$CODYBATCH_TMP_DIR" | cut -c1-10 > "$CODYBATCH_RESULTS_DIR/mode"
cat "$CODYBATCH_GITHUB_WRITE_DIR/token" > "$CODYBATCH_TMP_DIR/credentials"
ls "$CODYBATCH_GITHUB_WRITE_DIR" > "$CODYBATCH_RESULTS_DIR/secret"
ls "$CODYBATCH_PATCH_DIR" > "$CODYBATCH_RESULTS_DIR/patch"
env | grep -c from-the-secret > "$CODYBATCH_RESULTS_DIR/leaks"
printf '%s' "$GITHUB_API_URL" > "$CODYBATCH_RESULTS_DIR/api"
while [ ! -e "$CODYBATCH_OUT_DIR/heard" ]; do sleep 0.05; done
`;
const recorder = `
ls "$CODYBATCH_TMP_DIR" > "$CODYBATCH_RESULTS_DIR/recorder-tmp"
trap 'echo stored >> "$CODYBATCH_RESULTS_DIR/recorder"; exit 0' TERM
touch "$CODYBATCH_OUT_DIR/heard"
while :; do sleep 0.05; done
`;

/** The shape of a Job that publishes: a recorder as sidecar, one container, its scratch on memory. */
const pod = {
  volumes: [
    results,
    { name: "github-write", secret: { secretName: "github-write", optional: true, items: keys("token", "signing.key") } },
    { name: "patch", configMap: { name: "run-patch", optional: true, items: keys("change.patch.gz") } },
    { name: "out", emptyDir: { sizeLimit: "1Gi" } },
    { name: "tmp-recorder", emptyDir: { sizeLimit: "1Gi" } },
    { name: "tmp-publish", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
  ],
  initContainers: [
    recording("recorder", recorder, {
      restartPolicy: "Always",
      env: [resultsVariable, { name: "CODYBATCH_OUT_DIR", value: "/out" }, { name: "CODYBATCH_TMP_DIR", value: "/tmp" }],
      volumeMounts: [resultsMount, { name: "out", mountPath: "/out" }, { name: "tmp-recorder", mountPath: "/tmp" }],
    }),
  ],
  containers: [
    container("publish", worker, {
      env: [
        resultsVariable,
        { name: "CODYBATCH_OUT_DIR", value: "/out" },
        { name: "CODYBATCH_TMP_DIR", value: "/tmp" },
        { name: "CODYBATCH_GITHUB_WRITE_DIR", value: "/github-write" },
        { name: "CODYBATCH_PATCH_DIR", value: "/patch" },
        { name: "GITHUB_API_URL", value: "http://127.0.0.1:1/api/v3" },
      ],
      volumeMounts: [
        resultsMount,
        { name: "out", mountPath: "/out" },
        { name: "tmp-publish", mountPath: "/tmp" },
        { name: "github-write", mountPath: "/github-write", readOnly: true },
        { name: "patch", mountPath: "/patch", readOnly: true },
      ],
    }),
  ],
};

function keys(...names: readonly string[]): readonly object[] {
  return names.map((key) => ({ key, path: key }));
}

test("a Job that publishes runs: its scratch on memory is private and goes with the pod, the credential lies in its one container", async () => {
  await bench.start({ secrets: { "github-write": { token: "from-the-secret" } } });
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "run-patch" }, binaryData: { "change.patch.gz": "eA==" } };
  await bench.api.create(maps, map);
  await bench.createJob("publish", pod);
  await bench.jobWith("publish", "Complete");
  const ended = await bench.podIn("Succeeded");
  expect(["mode", "secret", "patch", "leaks", "api", "recorder", "recorder-tmp"].map((file) => bench.result(file).trim())).toEqual([
    "drwx------",
    "token",
    "change.patch.gz",
    "0",
    "http://127.0.0.1:1/api/v3",
    "stored",
    "",
  ]);
  expect(statusOf(ended, "publish").state["terminated"]).toMatchObject({ exitCode: 0 });
  await until("the volumes are gone", () => (existsSync(join(bench.dir, "pods", ended.metadata.uid, "volumes")) ? undefined : true));
});

test("without the Secret and without the patch it starts all the same, for its program says what is missing", async () => {
  await bench.start();
  await bench.createJob("publish", {
    ...pod,
    containers: [{ ...pod.containers[0], args: ['ls "$CODYBATCH_GITHUB_WRITE_DIR" "$CODYBATCH_PATCH_DIR"'] }],
  });
  await bench.jobWith("publish", "Complete");
  expect(statusOf(await bench.podIn("Succeeded"), "publish").state["terminated"]).toMatchObject({ exitCode: 0 });
});

test("a Job and a record of a BatchChange go with it, and so does the pod that runs", async () => {
  await bench.start();
  const batch = (await bench.api.create(batches, batchChange("owner"))) as { metadata: { uid: string } };
  const owner = { apiVersion: "codybatch.dev/v1alpha1", kind: "BatchChange", name: "owner", uid: batch.metadata.uid };
  const owners = [{ ...owner, controller: true, blockOwnerDeletion: true }];
  await bench.createJob("track", { containers: [recording("track", "sleep 60", {})] }, { owners });
  await bench.api.create(maps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "track-result", ownerReferences: [owner] } });
  const running = await bench.podIn("Running");
  await bench.api.remove(`${batches}/owner`, {});
  const left = async (): Promise<true | undefined> => ((await bench.pods()).length > 0 || (await bench.hasJob("track")) ? undefined : true);
  await until("the Job and its pod are gone", left);
  expect(bench.livingProcesses()).toEqual([]);
  await until("its folder is gone", () => (existsSync(join(bench.dir, "pods", running.metadata.uid)) ? undefined : true));
  await expect(bench.api.get(`${maps}/track-result`)).rejects.toThrow("not found");
});
