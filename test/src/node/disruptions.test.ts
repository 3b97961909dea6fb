import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { must } from "../cluster/control-plane.ts";
import { lossOf, midRun, twoFiles } from "./interruption.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ name: "disruptions", scenarios: [twoFiles] });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test.concurrent("a pod is deleted in mid-run: the next try goes on from its patch with what is left of the money", async () => {
  const run = await midRun(stage, "deleted");
  await stage.kubectl("delete", "pod", run.pod.metadata.name, "--wait=false");
  expect(await lossOf(run)).toBe("PodDeleted");
});

test.concurrent("a pod is evicted in mid-run: the next try goes on from its patch, and the cause is named", async () => {
  const run = await midRun(stage, "evicted");
  await evict(run.pod.metadata.name);
  expect(await lossOf(run)).toBe("Evicted");
});

/** As `kubectl drain` asks for it. */
async function evict(name: string): Promise<void> {
  const path = `/api/v1/namespaces/${stage.namespace}/pods/${name}/eviction`;
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: stage.namespace } };
  must(await stage.site.kubectl(["create", "--raw", path, "-f", "-"], eviction));
}
