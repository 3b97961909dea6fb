import { containerName, type Attempt, type Reason } from "@codybatch/crds";
import type { ObservedPod, StopReason } from "./observed.ts";
import { containerOf, isLost } from "./pods.ts";
import type { Timings } from "./settings.ts";
import { filledByToolbox } from "./toolbox.ts";
import type { Try } from "./try.ts";

export interface Cause {
  readonly outcome: Attempt["outcome"];
  readonly reason: Reason;
}

const fault = (reason: Reason): Cause => ({ outcome: "InfrastructureFault", reason });
const failed = (reason: Reason): Cause => ({ outcome: "Failed", reason });
const cancelled = (reason: Reason): Cause => ({ outcome: "Cancelled", reason });

/** Names why a try ended that left no result of its own. The first line that fits counts; intent comes before symptoms. */
export function causeOf(attempt: Try, timings: Timings, now: Date): Cause {
  if (attempt.stop !== undefined) return causeOfStop(attempt.stop);
  const [pod] = attempt.pods;
  const named = pod === undefined ? undefined : causeOfPod(pod, timings, now);
  if (named !== undefined) return named;
  if (attempt.job === undefined) return fault("JobDeleted");
  if (attempt.job.finished?.reason === "DeadlineExceeded") return failed("DeadlineExceeded");
  if (attempt.job.suspended) return cancelled("JobSuspended");
  return pod === undefined ? fault("PodDeleted") : causeOfContainers(pod);
}

/** The user's wish ends a try for good; what the cluster has done to it is a fault. */
function causeOfStop(stop: StopReason): Cause {
  if (stop === "ToolboxUnavailable") return failed(stop);
  return stop === "SecondPod" || stop === "NodeLost" ? fault(stop) : cancelled(stop);
}

/** Reasons that the condition DisruptionTarget gives (kubernetes.io/docs/concepts/workloads/pods/disruptions). */
const disruptions: Readonly<Record<string, Reason>> = {
  PreemptionByScheduler: "Preempted",
  DeletionByTaintManager: "NodeLost",
  DeletionByPodGC: "NodeLost",
  EvictionByEvictionAPI: "Evicted",
  TerminationByKubelet: "Evicted",
};

function causeOfPod(pod: ObservedPod, timings: Timings, now: Date): Cause | undefined {
  if (pod.reason === "NodeLost" || isLost(pod, timings, now)) return fault("NodeLost");
  if (pod.reason === "DeadlineExceeded") return failed("DeadlineExceeded");
  if (filledByToolbox(pod) !== undefined) return failed("ToolboxUnavailable");
  if (pod.disruption !== undefined) return fault(disruptions[pod.disruption] ?? "Evicted");
  if (pod.reason === "Evicted" || pod.reason === "NodeShutdown" || pod.reason === "Terminated") return fault("Evicted");
  if (pod.reason === "Preempting") return fault("Preempted");
  // The toolbox starts again by itself, and the agent names what became of its checks.
  if (pod.containers.some(({ name, reason }) => name !== containerName.toolbox && reason === "OOMKilled")) return failed("OOMKilled");
  return undefined;
}

function causeOfContainers(pod: ObservedPod): Cause {
  if (pod.deletingSince !== undefined) return fault("PodDeleted");
  const code = (name: string): number => containerOf(pod, name)?.exitCode ?? 0;
  if (code("mint") !== 0 || code("clone") !== 0) return fault("CloneFailed");
  if (code("agent") !== 0) return fault("AgentCrashed");
  return fault("RecorderFailed");
}
