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

interface Case {
  readonly what: string;
  readonly seconds?: number;
  readonly pod?: Partial<ObservedPod>;
  readonly refusal?: string;
  readonly want: string | undefined;
}

const forbidden = 'pods "x" is forbidden';

describe("a Job without a working pod waits for", () => {
  it.each<Case>([
    { what: "nothing worth telling in its first seconds", want: undefined },
    { what: "its start, after that", seconds: 20, pod: {}, want: "Starting" },
    { what: "room on a node", pod: { unschedulable: "0/3 nodes are available" }, want: "Unschedulable: 0/3 nodes are available" },
    { what: "its image", pod: waiting("ErrImagePull"), want: "ImagePullBackOff: no such image" },
    { what: "a name that is no image", pod: waiting("InvalidImageName"), want: "ImagePullBackOff: no such image" },
    { what: "a container that cannot run", pod: waiting("CrashLoopBackOff"), want: "CrashLoopBackOff: no such image" },
    { what: "its configuration", pod: waiting("CreateContainerConfigError"), want: "ContainerConfigError: no such image" },
    { what: "a quota", refusal: `${forbidden}: exceeded quota: team`, want: `QuotaExceeded: ${forbidden}: exceeded quota: team` },
    { what: "a policy", refusal: `${forbidden}: denied by policy`, want: `PodRefused: ${forbidden}: denied by policy` },
  ])("$what", ({ seconds = 5, pod, refusal, want }) => {
    expect(waits(seconds, pod, refusal)).toBe(want);
  });
});
