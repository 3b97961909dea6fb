import { describe, expect, it } from "vitest";
import { nextLook } from "./next-look.ts";
import type { ObservedContainer, ObservedPod } from "./observed.ts";
import { viewOf } from "./plan.ts";
import { defaultTimings } from "./settings.ts";
import { Story } from "./testing/story.ts";
import { toolboxGivenUpAt, toolboxMessage, waitOfToolbox } from "./toolbox.ts";

const cloned = "2026-03-02T09:00:00.000Z";
const container = (name: string, part: Partial<ObservedContainer>): ObservedContainer => ({ name, state: "Waiting", ...part });

function podOf(toolbox: Partial<ObservedContainer>, others: readonly ObservedContainer[] = []): ObservedPod {
  const clone = container("clone", { state: "Terminated", exitCode: 0, finishedAt: cloned });
  const all = [clone, container("toolbox", { image: "tools:9", ...toolbox }), container("agent", { reason: "PodInitializing" })];
  return {
    namespace: "team-a",
    name: "pod-a",
    uid: "a",
    jobUID: "job",
    batchChange: "node-24",
    changeset: "node-24-0123456789",
    createdAt: "2026-03-02T08:59:00.000Z",
    phase: "Pending",
    graceSeconds: 120,
    containers: all.map((one) => others.find(({ name }) => name === one.name) ?? one),
  };
}

const missing = { reason: "ImagePullBackOff", message: "no such image" };
const running = container("agent", { state: "Running" });

describe("a toolbox", () => {
  it.each([
    ["whose image is missing", podOf(missing), "ImagePullBackOff: The toolbox does not start from the image tools:9: no such image."],
    [
      "whose name is no image",
      podOf({ reason: "InvalidImageName" }),
      "ImagePullBackOff: The toolbox does not start from the image tools:9.",
    ],
    [
      "that the node cannot make",
      podOf({ reason: "CreateContainerError", message: "odd." }),
      "ContainerConfigError: The toolbox does not start from the image tools:9: odd.",
    ],
    [
      "without sh",
      podOf({ state: "Terminated", reason: "StartError", message: 'exec: "sh": not found' }),
      'CrashLoopBackOff: The toolbox does not start from the image tools:9: exec: "sh": not found.',
    ],
    [
      "without sh, before the next start",
      podOf({ reason: "CrashLoopBackOff" }),
      "CrashLoopBackOff: The toolbox does not start from the image tools:9.",
    ],
  ])("%s holds the agent up until 10 minutes after clone", (_, pod, want) => {
    const wait = waitOfToolbox(pod);
    expect(`${wait?.reason}: ${wait?.message}`).toBe(want);
    expect(toolboxGivenUpAt(pod, defaultTimings)?.toISOString()).toBe("2026-03-02T09:10:00.000Z");
  });

  it.each([
    ["is being pulled", podOf({ reason: "PodInitializing" })],
    ["runs", podOf({ state: "Running" })],
    ["died under a running agent, which names what follows", podOf({ reason: "CrashLoopBackOff" }, [running])],
    ["waits for clone", podOf(missing, [container("clone", { state: "Running" })])],
    ["comes behind a clone that failed", podOf(missing, [container("clone", { state: "Terminated", exitCode: 1 })])],
    ["is part of a pod that has ended", { ...podOf(missing), phase: "Failed" as const }],
  ])("that %s is not given up", (_, pod) => {
    expect(waitOfToolbox(pod)).toBeUndefined();
    expect(toolboxGivenUpAt(pod, defaultTimings)).toBeUndefined();
  });

  it("whose configuration the node refuses is told in the node's words alone, any other with what its image needs", () => {
    const refused = podOf({ reason: "CreateContainerConfigError", message: "no checks here: ask for them" });
    expect(toolboxMessage(refused)).toBe("The toolbox did not start from the image tools:9: no checks here: ask for them.");
    expect(toolboxMessage(podOf(missing))).toContain("tools:9: no such image. Correct spec.toolbox.image: ");
  });

  it("that cannot start is looked at again when its time is over", () => {
    const story = new Story();
    const key = story.apply("node-24", { repositories: [{ url: "https://github.com/acme/api" }] });
    const pod = story.kubelet.createPod(story.job(key, "acme/api"));
    story.happens("it cannot start", () => story.kubelet.holdToolbox(pod, "ImagePullBackOff", "no such image"));
    const since = story.world.now.getTime();
    expect(nextLook(viewOf(story.world.observe(key)))?.getTime()).toBe(since + 600_000);
  });
});
