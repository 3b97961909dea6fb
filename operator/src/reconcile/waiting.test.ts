import { describe, expect, it } from "vitest";
import { Kubelet } from "./testing/kubelet.ts";
import { Story } from "./testing/story.ts";
import type { ObservedPod } from "./observed.ts";
import { waitOf } from "./waiting.ts";
import { worksOf } from "./work.ts";
import { entriesOf } from "./repositories.ts";

/** What a Job waits for that was made so many seconds ago and has such a pod. */
function waits(seconds: number, pod?: Partial<ObservedPod>, refusal?: string): string | undefined {
  const story = new Story();
  const key = story.apply("node-24", { repositories: [{ url: "https://github.com/acme/api" }] });
  const { world } = story;
  if (pod !== undefined) Object.assign(new Kubelet(world).createPod(story.job(key, "acme/api")).pod, pod);
  world.pass(seconds);
  const observed = world.observe(key);
  const [work] = worksOf(observed, entriesOf(observed.batch));
  const refused = refusal === undefined ? [] : [{ job: work!.open!.try.name, message: refusal }];
  const wait = waitOf(work!.open!.try, refused, world.now);
  return wait && [wait.reason, wait.message].filter(Boolean).join(": ");
}

const waiting = (reason: string) => ({ containers: [{ name: "recorder", state: "Waiting", reason, message: "no such image" } as const] });

describe("a Job without a working pod waits for", () => {
  it.each([
    ["nothing worth telling in its first seconds", 5, undefined, undefined, undefined],
    ["its start, after that", 20, {}, undefined, "Starting"],
    ["room on a node", 5, { unschedulable: "0/3 nodes are available" }, undefined, "Unschedulable: 0/3 nodes are available"],
    ["its image", 5, waiting("ErrImagePull"), undefined, "ImagePullBackOff: no such image"],
    ["a name that is no image", 5, waiting("InvalidImageName"), undefined, "ImagePullBackOff: no such image"],
    ["its configuration", 5, waiting("CreateContainerConfigError"), undefined, "ContainerConfigError: no such image"],
    ["a quota", 5, undefined, 'pods "x" is forbidden: exceeded quota: team', 'QuotaExceeded: pods "x" is forbidden: exceeded quota: team'],
    ["a policy", 5, undefined, 'pods "x" is forbidden: denied by policy', 'PodRefused: pods "x" is forbidden: denied by policy'],
  ])("%s", (_, seconds, pod, refusal, want) => {
    expect(waits(seconds, pod, refusal)).toBe(want);
  });
});
