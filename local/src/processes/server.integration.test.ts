import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

import type { ServerOptions } from "../server/index.ts";
import { paths } from "./api/paths.ts";
import { Bench, container, recording, until } from "./testing/bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const note = (text: string): string => `echo ${text} >> "$CODYBATCH_RESULTS_DIR/order"`;
const lines = (): string[] =>
  bench
    .result("order")
    .split("\n")
    .filter((line) => line !== "");
const untilGo = 'while ! [ -e "$CODYBATCH_RESULTS_DIR/go" ]; do sleep 0.02; done';

test("the recorder gets a token of its ServiceAccount, bound to its pod, which is renewed", async () => {
  bench = await Bench.open();
  let later = 0;
  await bench.start({ now: () => Date.now() + later });
  await bench.api.create("/api/v1/namespaces/default/serviceaccounts", {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "codybatch-recorder" },
  });
  const sources = [
    { serviceAccountToken: { path: "token", expirationSeconds: 600 } },
    { configMap: { name: "kube-root-ca.crt", optional: true, items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
  ];
  await bench.createJob("token", {
    serviceAccountName: "codybatch-recorder",
    volumes: [
      { name: "results", persistentVolumeClaim: { claimName: "results" } },
      { name: "api-token", projected: { sources } },
    ],
    containers: [
      recording("agent", `cp "$CODYBATCH_API_TOKEN_DIR"/* "$CODYBATCH_RESULTS_DIR"; ${note("up")}; ${untilGo}`, {
        env: [
          { name: "CODYBATCH_RESULTS_DIR", value: "/results" },
          { name: "CODYBATCH_API_TOKEN_DIR", value: "/api-token" },
        ],
        volumeMounts: [
          { name: "results", mountPath: "/results" },
          { name: "api-token", mountPath: "/api-token", readOnly: true },
        ],
      }),
    ],
  });
  await until("the copy", () => (lines().length > 0 ? true : undefined));
  const pod = await bench.podIn("Running");
  const review = await bench.api.create("/apis/authentication.k8s.io/v1/tokenreviews", { spec: { token: bench.result("token") } });
  expect(review).toMatchObject({
    status: { authenticated: true, user: { extra: { "authentication.kubernetes.io/pod-uid": [pod.metadata.uid] } } },
  });
  expect(bench.result("namespace")).toBe("default");
  const file = join(bench.dir, "pods", pod.metadata.uid, "volumes/api-token/token");
  expect(readFileSync(file, "utf8")).toBe(bench.result("token"));
  later = 500_000;
  await until("a new token", () => (readFileSync(file, "utf8") === bench.result("token") ? undefined : true));
  bench.write("go", "");
  await bench.jobWith("token", "Complete");
});

test.each(["Background", "Foreground"])("deleting a Job with propagation %s ends its pod with grace", async (propagationPolicy) => {
  bench = await Bench.open();
  await bench.start();
  const script = `trap '${note("ends")}; exit 0' TERM; ${note("starts")}; while :; do sleep 0.02; done`;
  await bench.createJob("doomed", { containers: [recording("agent", script)] });
  await until("the start", () => (lines().length === 1 ? true : undefined));
  await bench.podIn("Running");
  await bench.api.remove(paths.job({ namespace: "default", name: "doomed" }), { propagationPolicy });
  await until("the pod to go", async () => ((await bench.pods()).length === 0 ? true : undefined));
  expect(lines()).toEqual(["starts", "ends"]);
  await expect(until("the Job to go", async () => ((await bench.hasJob("doomed")) ? undefined : true))).resolves.toBe(true);
});

test("while the server is away processes go on, and their end is reported when it is back", async () => {
  bench = await Bench.open();
  await bench.start();
  await bench.createJob("through", { containers: [recording("agent", `${note("starts")}; ${untilGo}; ${note("ends")}`)] });
  await until("the start", () => (lines().length === 1 ? true : undefined));
  await bench.podIn("Running");
  await bench.withoutServer(async () => {
    bench.write("go", "");
    await until("the end", () => (lines().length === 2 ? true : undefined));
  });
  const job = await bench.jobWith("through", "Complete");
  expect(job.status.succeeded).toBe(1);
});

test.each([1, 2, 3])("with requests failing at random (seed %i) every container is started once and every Job ends", async (seed) => {
  bench = await Bench.open(faults(seed, 150));
  await bench.start();
  const names = ["one", "two", "three", "four"];
  for (const name of names) {
    await insist(() =>
      bench.createJob(name, {
        initContainers: [recording("clone", note(`${name}-clone`))],
        containers: [recording("agent", note(`${name}-agent`)), container("other", "exit 0")],
      }),
    );
  }
  for (const name of names) await insist(() => bench.jobWith(name, "Complete"));
  expect(lines().toSorted()).toEqual(names.flatMap((name) => [`${name}-agent`, `${name}-clone`]).toSorted());
});

/** Breaks about every third of the first requests: before or after it was carried out, or cuts a watch. */
function faults(seed: number, count: number): NonNullable<ServerOptions["onRequest"]> {
  const random = mulberry(seed);
  let left = count;
  return ({ watch }) => {
    left -= 1;
    if (left < 0 || random() > 0.33) return undefined;
    const commitFirst = random() < 0.5;
    if (watch) return { kind: "cut", afterLines: Math.floor(random() * 4), how: random() < 0.5 ? "resetMidLine" : "expired" };
    return random() < 0.5 ? { kind: "answer", status: 500, commitFirst } : { kind: "reset", commitFirst };
  };
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const one = Math.imul(state ^ (state >>> 15), 1 | state);
    const two = (one + Math.imul(one ^ (one >>> 7), 61 | one)) ^ one;
    return ((two ^ (two >>> 14)) >>> 0) / 4294967296;
  };
}

/** Repeats what fails because of the faults; an object that exists already is there. */
async function insist(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (error instanceof Error && error.message.includes("already exists")) return;
      if (error instanceof Error && error.message.includes("waited too long")) throw error;
    }
  }
}
