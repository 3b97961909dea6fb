import { containerName } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { killContainer } from "./cluster.ts";
import { expectWhole, lossOf, midRun, twoFiles } from "./interruption.ts";
import { containerOf, type Pod, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ name: "kills", scenarios: [twoFiles] });
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

async function kill(pod: Pod, container: string): Promise<void> {
  await killContainer(stage.cluster, containerOf(pod, container)!.containerID);
}

test.concurrent("the agent is killed in mid-run: the recorder stores what there is, and the next try goes on from it", async () => {
  const run = await midRun(stage, "agent");
  await kill(run.pod, containerName.agent);
  expect(await lossOf(run)).toBe("AgentCrashed");
});

test.concurrent("the recorder is killed in mid-run: the kubelet starts it again, and nothing is lost or done twice", async () => {
  const run = await midRun(stage, "recorder");
  await kill(run.pod, containerName.recorder);
  await eventually("the recorder runs again", async () => {
    const [pod] = await podsOf(stage, run.repository);
    const { restartCount, state } = containerOf(pod!, containerName.recorder)!;
    return restartCount === 1 && state.running !== undefined ? true : undefined;
  });
  run.held.release();
  const changeset = await run.batch.ends(run.repository, "Ready");
  expect(changeset.status.attempts).toMatchObject([{ try: 0, outcome: "Reported", pod: run.pod.metadata.name }]);
  await expectWhole(run, changeset);
});
