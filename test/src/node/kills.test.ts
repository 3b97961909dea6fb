import { containerName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { namer, type Picture, pictureOf } from "../faults/picture.ts";
import { isTurn } from "../local-mode/claude.ts";
import { Gate } from "../local-mode/gate.ts";
import type { Batch } from "../story/batch.ts";
import { killContainer } from "./cluster.ts";
import { expectWhole, lossOf, midRun, twoFiles } from "./interruption.ts";
import { freezeOperator, killOperator } from "./operator-process.ts";
import { containerOf, type Pod, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

/** A new operator takes a dead one's Lease after the first of them. */
const lease = { CODYBATCH_LEASE_SECONDS: "4", CODYBATCH_LEASE_RENEW_SECONDS: "3", CODYBATCH_LEASE_RETRY_SECONDS: "1" };
const first = "same/first";
const api = "same/api";

let stage: Stage;
let git: Gate;
let urls: readonly string[];
let clean: Picture;
beforeAll(async () => {
  const limits = { repositoryPatterns: [`http://${inject("node").host}:*/*/*`] };
  stage = await Stage.open({ name: "kills", scenarios: [twoFiles], values: { limits }, operator: lease });
  const served = [first, api].map((one) => new URL(stage.repository(one)));
  git = await Gate.open("git", () => served[0]!.origin, stage.cluster.host);
  urls = served.map(({ pathname }) => git.url + pathname);
  // From the first run on, the cache of prompts knows every question.
  await outcomeOf(undisturbed);
  clean = await outcomeOf(undisturbed);
});
afterAll(async () => {
  await git.close();
  await stage.close();
});
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

type Create = () => Promise<Batch>;
/** What happens around the creation of the batch. */
type Fault = (create: Create) => Promise<void>;

const undisturbed: Fault = async (create) => void (await create());

/** Runs a batch of two repositories, one after the other, with a fault. Gives all its objects, but what differs from run to run, and removes it. */
async function outcomeOf(fault: Fault): Promise<Picture> {
  const batch = stage.batch("same");
  await fault(() => batch.create(urls, { parallelism: 1 }));
  await batch.reaches("Succeeded");
  await eventually("every Job has ended", async () => ((await jobsRun()) ? undefined : true));
  const picture = await pictureOfBatch(batch);
  await batch.remove();
  expect(await batch.remains()).toEqual([]);
  return picture;
}

/** A Job is over some moments after its pod: its controller counts first and says Complete in a write of its own. */
async function jobsRun(): Promise<boolean> {
  const jobs = await stage.api.list(resources.jobs);
  const isOver = (job: (typeof jobs)[number]): boolean => {
    const { conditions = [] } = (job["status"] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
    return conditions.some(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
  };
  return !jobs.every(isOver);
}

async function pictureOfBatch(batch: Batch): Promise<Picture> {
  const pictured = ["batchChanges", "changesets", "jobs", "configMaps"] as const;
  return pictureOf(
    async (kind) => {
      const all = pictured.some((one) => one === kind) ? await stage.api.list(resources[kind]) : [];
      return all.filter(({ metadata }) => metadata.name === batch.name || metadata.name.startsWith(`${batch.name}-`));
    },
    namer(await batch.changesets()),
  );
}

const moments: readonly (readonly [string, Fault])[] = [
  [
    "a BatchChange is there and nothing is done about it",
    async (create) => {
      await freezeOperator(stage);
      await create();
      await killOperator(stage);
    },
  ],
  [
    "Changesets are there and no Job",
    async (create) => {
      await stage.kubectl("create", "quota", "no-jobs", "--hard=count/jobs.batch=0");
      await stage.kubectl("wait", "quota", "no-jobs", "--for=jsonpath={.status.hard}");
      const batch = await create();
      await eventually("Changesets", async () => ((await batch.changesets()).length === 2 ? true : undefined));
      await killOperator(stage);
      expect(await batch.jobs()).toEqual([]);
      await stage.kubectl("delete", "quota", "no-jobs");
    },
  ],
  [
    "a Job is there and clones",
    async (create) => {
      const held = git.hold("before", ({ path }) => path.startsWith(`/${api}`));
      await create();
      await held.reached();
      await killOperator(stage);
      held.release();
    },
  ],
  [
    "an agent is in mid-turn",
    async (create) => {
      const held = stage.claude.hold("before", isTurn(api, 1));
      await create();
      await held.reached();
      await killOperator(stage);
      held.release();
    },
  ],
  [
    "a pod has ended and its result is not in status",
    async (create) => {
      const held = stage.claude.hold("before", isTurn(api, 1));
      const batch = await create();
      await held.reached();
      await freezeOperator(stage);
      held.release();
      await eventually("the pod ends", async () => ((await podsOf(stage, api))[0]?.status.phase === "Succeeded" ? true : undefined));
      expect((await batch.ends(api, "Running")).status.attempts).toBeUndefined();
      await killOperator(stage);
    },
  ],
];

test.each(moments)("the operator is killed when %s: all ends as in an undisturbed run", async (_moment, fault) => {
  expect(await outcomeOf(fault)).toEqual(clean);
});
