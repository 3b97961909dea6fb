import { containerName } from "@codybatch/crds";
import type { ObservedContainer, ObservedPod } from "./observed.ts";
import { after, agentStarted, containerOf, hasEnded } from "./pods.ts";
import type { Timings } from "./settings.ts";
import { waitOfContainer, type Wait } from "./waiting.ts";

/** Why the toolbox keeps the agent from starting; undefined when it does not, or for no named reason such as an image that is being pulled. */
export function waitOfToolbox(pod: ObservedPod): Wait | undefined {
  const toolbox = containerOf(pod, containerName.toolbox);
  if (toolbox === undefined || cloneEnded(pod) === undefined || hasEnded(pod) || agentStarted(pod)) return undefined;
  const wait = waitOfContainer(toolbox);
  return wait && { ...wait, message: describe(toolbox, wait) };
}

/** When a pod whose toolbox does not start is given up. */
export function toolboxGivenUpAt(pod: ObservedPod, timings: Timings): Date | undefined {
  const since = waitOfToolbox(pod) === undefined ? undefined : cloneEnded(pod);
  return since === undefined ? undefined : after(since, timings.toolboxStart);
}

/** Since when the toolbox may start. */
function cloneEnded(pod: ObservedPod): string | undefined {
  const clone = containerOf(pod, containerName.clone);
  return clone?.state === "Terminated" && clone.exitCode === 0 ? (clone.finishedAt ?? pod.createdAt) : undefined;
}

function describe({ image = "" }: ObservedContainer, { message }: Wait): string {
  return `The toolbox does not start from the image ${image}${wordsOf(message)}.`;
}

/** Volumes that the toolbox writes, by their name in the chart; a repetition would fill them as well. */
const written: Readonly<Record<string, string>> = { mailbox: "mailbox", toolbox: "toolbox", "tmp-toolbox": "tmp" };

/** The volume that the toolbox filled, so that the node evicted the pod. */
export function filledByToolbox({ fullVolume }: ObservedPod): string | undefined {
  return fullVolume === undefined ? undefined : written[fullVolume];
}

/** Not where the node refuses the container's configuration: its words say what to do. */
const correctImage = " Correct spec.toolbox.image: the cluster must be able to pull it, and it needs sh and tar.";

/** What a person should know of a try that its toolbox ended. `image` is the one that the BatchChange names now, for a pod that is gone. */
export function toolboxMessage(pod: ObservedPod | undefined, image = ""): string {
  const volume = pod && filledByToolbox(pod);
  if (volume !== undefined) {
    return `The checks filled their volume, so the node ended the pod. Let setup and checks write less, or ask the administrator for a larger runner.volumeSizes.${volume}.`;
  }
  const toolbox = pod && containerOf(pod, containerName.toolbox);
  const next = toolbox?.reason === "CreateContainerConfigError" ? "" : correctImage;
  return `The toolbox did not start from the image ${toolbox?.image ?? image}${wordsOf(toolbox?.message)}.${next}`;
}

function wordsOf(message = ""): string {
  return message === "" ? "" : `: ${message.replace(/[.\s]+$/, "")}`;
}
