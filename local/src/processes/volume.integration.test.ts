import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Bench, container, recording, statusOf, until } from "./testing/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const results = { name: "results", persistentVolumeClaim: { claimName: "results" } };
const resultsMount = { name: "results", mountPath: "/results" };
const resultsVariable = { name: "CODYBATCH_RESULTS_DIR", value: "/results" };

/** A container that copies everything it sees of the volume to the claim. */
function copying(volume: string, mountPath: string): Record<string, unknown> {
  return recording("agent", 'cp -RL "$CODYBATCH_SEEN_DIR" "$CODYBATCH_RESULTS_DIR/seen"', {
    env: [resultsVariable, { name: "CODYBATCH_SEEN_DIR", value: mountPath }],
    volumeMounts: [resultsMount, { name: volume, mountPath, readOnly: true }],
  });
}

async function createMap(name: string, fields: Record<string, unknown>): Promise<void> {
  await bench.api.create("/api/v1/namespaces/default/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...fields });
}

test("a process sees only what its container declares, with folders in place of mount paths", async () => {
  bench.spawn("--pass", "NODE_EXTRA_CA_CERTS");
  await bench.createJob("env", {
    volumes: [results, { name: "out", emptyDir: {} }],
    containers: [
      recording("agent", 'env > "$CODYBATCH_RESULTS_DIR/env"', {
        env: [
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          resultsVariable,
          { name: "CODYBATCH_OUT_DIR", value: "/out" },
          { name: "CODYBATCH_OTHER_DIR", value: "/elsewhere" },
          { name: "CODYBATCH_TERMINATION_DIR", value: "/dev" },
          { name: "GREETING", value: "$(POD_NAME) $$(POD_NAME) $(UNKNOWN)" },
        ],
        volumeMounts: [
          { ...resultsMount, subPathExpr: "$(POD_NAME)" },
          { name: "out", mountPath: "/out/" },
        ],
      }),
    ],
  });
  await bench.jobWith("env", "Complete");
  const { metadata } = await bench.podIn("Succeeded");
  const podDir = join(bench.dir, "pods", metadata.uid);
  const env = Object.fromEntries(
    bench
      .result(`${metadata.name}/env`)
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>;
  const passed = ["PATH", "LANG", "TZ", "NODE_EXTRA_CA_CERTS"].filter((name) => process.env[name] !== undefined);
  expect(env).toEqual({
    ...Object.fromEntries(passed.map((name) => [name, process.env[name]])),
    HOME: join(podDir, "tmp/agent"),
    TMPDIR: join(podDir, "tmp/agent"),
    PWD: join(podDir, "tmp/agent"),
    POD_NAME: metadata.name,
    CODYBATCH_RESULTS_DIR: join(bench.dir, "claims/default/results", metadata.name),
    CODYBATCH_OUT_DIR: join(podDir, "volumes/out"),
    CODYBATCH_OTHER_DIR: "/elsewhere",
    CODYBATCH_TERMINATION_DIR: join(podDir, "containers/agent"),
    GREETING: `${metadata.name} $(POD_NAME) $(UNKNOWN)`,
  });
});

test("a downwardAPI volume holds the pod's annotation", async () => {
  await bench.start();
  const items = [
    { path: "input.json", fieldRef: { fieldPath: "metadata.annotations['codybatch.dev/input']" } },
    { path: "deep/labels", fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } },
  ];
  await bench.createJob(
    "downward",
    { volumes: [results, { name: "input", downwardAPI: { items } }], containers: [copying("input", "/input")] },
    { annotations: { "codybatch.dev/input": '{"a": 1}' } },
  );
  await bench.jobWith("downward", "Complete");
  expect([bench.result("seen/input.json"), bench.result("seen/deep/labels")]).toEqual(['{"a": 1}', "cody-batch"]);
});

test("a ConfigMap volume holds text and binary keys, or only the named ones", async () => {
  await bench.start();
  await createMap("texts", {
    data: { prompt: "Do it", other: "x" },
    binaryData: { "change.patch.gz": Buffer.from([0, 255, 1]).toString("base64") },
  });
  const items = [
    { key: "prompt", path: "p/prompt.txt" },
    { key: "change.patch.gz", path: "patch" },
  ];
  await bench.createJob("maps", {
    volumes: [results, { name: "prompt", configMap: { name: "texts", items } }],
    containers: [copying("prompt", "/prompt")],
  });
  await bench.jobWith("maps", "Complete");
  expect(bench.result("seen/p/prompt.txt")).toBe("Do it");
  expect(statSync(join(bench.dir, "claims/default/results/seen/patch")).size).toBe(3);
  expect(readdirSync(join(bench.dir, "claims/default/results/seen")).toSorted()).toEqual(["p", "patch"]);
});

test("a missing ConfigMap is waited for and named; an optional one is an empty folder", async () => {
  await bench.start();
  await bench.createJob("missing", {
    volumes: [results, { name: "prompt", configMap: { name: "later" } }, { name: "resume", configMap: { name: "never", optional: true } }],
    containers: [copying("prompt", "/prompt")],
  });
  const pod = await until("the waiting reason", async () => {
    const [found] = await bench.pods();
    return found !== undefined && statusOf(found, "agent")?.state["waiting"]?.["reason"] === "CreateContainerConfigError"
      ? found
      : undefined;
  });
  expect(pod.status.phase).toBe("Pending");
  expect(statusOf(pod, "agent").state["waiting"]?.["message"]).toBe("ConfigMap default/later does not exist");
  await createMap("later", { data: { prompt: "now" } });
  await bench.jobWith("missing", "Complete");
  expect(bench.result("seen/prompt")).toBe("now");
});

test("a Secret comes from the process runner's own values, owner-readable, and goes when the pod ends", async () => {
  await bench.start({ secrets: { anthropic: { "api-key": "sk-test" } } });
  const secret = { secretName: "anthropic", optional: true, items: [{ key: "api-key", path: "api-key" }] };
  await bench.createJob("keys", {
    volumes: [
      results,
      { name: "anthropic", secret },
      { name: "github-read", secret: { secretName: "github-read", optional: true, items: [{ key: "token", path: "token" }] } },
    ],
    containers: [
      recording(
        "agent",
        'ls -lR "$CODYBATCH_SEEN_DIR" > "$CODYBATCH_RESULTS_DIR/list"; cp -R "$CODYBATCH_SEEN_DIR" "$CODYBATCH_RESULTS_DIR/seen"',
        {
          env: [resultsVariable, { name: "CODYBATCH_SEEN_DIR", value: "/anthropic" }],
          volumeMounts: [resultsMount, { name: "anthropic", mountPath: "/anthropic" }, { name: "github-read", mountPath: "/github-read" }],
        },
      ),
    ],
  });
  await bench.jobWith("keys", "Complete");
  expect(bench.result("seen/api-key")).toBe("sk-test");
  expect(bench.result("list")).toMatch(/^-r--------\S* .* api-key$/m);
  const { metadata } = await bench.podIn("Succeeded");
  await until("the volumes to go", () => (existsSync(join(bench.dir, "pods", metadata.uid, "volumes")) ? undefined : true));
});

test("a missing Secret that is not optional is named", async () => {
  await bench.start();
  await bench.createJob("nokey", {
    volumes: [{ name: "key", secret: { secretName: "absent" } }],
    containers: [container("agent", "true")],
  });
  const message = await until("the waiting message", async () => {
    const [pod] = await bench.pods();
    return pod === undefined ? undefined : (statusOf(pod, "agent")?.state["waiting"]?.["message"] as string | undefined);
  });
  expect(message).toBe("Secret absent does not exist");
});

test("an unknown image waits as ErrImagePull, then ImagePullBackOff, and names the known ones", async () => {
  await bench.start();
  await bench.createJob("unknown", { containers: [{ name: "agent", image: "docker.io/other:1" }] });
  const seen = new Set<unknown>();
  const waiting = await until("ImagePullBackOff", async () => {
    const [pod] = await bench.pods();
    const state = pod === undefined ? undefined : statusOf(pod, "agent")?.state["waiting"];
    seen.add(state?.["reason"]);
    return state?.["reason"] === "ImagePullBackOff" ? state : undefined;
  });
  expect(waiting["message"]).toBe('image "docker.io/other:1" is not known to the process runner; known: localhost/sh:1');
  expect(seen).toContain("ErrImagePull");
});

test("no more pods run than allowed; the rest waits as Unschedulable and follows", async () => {
  await bench.start({ maxPods: 1 });
  const names = ["first", "second"];
  const script = 'while ! [ -e "$CODYBATCH_RESULTS_DIR/go" ]; do sleep 0.02; done';
  for (const name of names) await bench.createJob(name, { containers: [recording("agent", script)] });
  const waiting = await until("the waiting pod", async () =>
    (await bench.pods()).find((pod) => pod.status.conditions.some(({ type, status }) => type === "PodScheduled" && status === "False")),
  );
  expect(waiting.status.conditions[0]).toMatchObject({ reason: "Unschedulable" });
  await bench.podIn("Running");
  expect((await bench.pods()).filter((pod) => pod.status.phase === "Running")).toHaveLength(1);
  bench.write("go", "");
  for (const name of names) await bench.jobWith(name, "Complete");
});

test("a Job without our label is left alone", async () => {
  await bench.start();
  await bench.createJob("foreign", { containers: [container("agent", "true")] }, { labels: { app: "other" } });
  await bench.createJob("ours", { containers: [container("agent", "true")] });
  await bench.jobWith("ours", "Complete");
  expect((await bench.job("foreign")).status).toEqual({});
});
