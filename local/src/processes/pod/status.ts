import type { Condition, Container, Pod } from "../api/pod.ts";
import { isSidecar } from "../api/pod.ts";
import { timestamp } from "../api/metadata.ts";
import type { WaitingReason } from "../container/refusal.ts";
import type { ContainerState, Ended, PodState } from "./state.ts";
import { isInitialized } from "./step.ts";

/** Why containers have not started, by name. */
export type Waiting = ReadonlyMap<string, { readonly reason: WaitingReason; readonly message: string }>;

/** What the kubelet writes of a pod; times in whole seconds. */
export type PodStatus = Readonly<Record<string, unknown>> & { readonly phase: string; readonly conditions: readonly Condition[] };

type Wish = readonly [type: string, isTrue: boolean, reason?: string | undefined, message?: string | undefined];

/** The pod's status. Conditions of `previous` keep their time while they keep their value. */
export function podStatus(pod: Pod, state: PodState, waiting: Waiting, now: number): PodStatus {
  const { spec } = pod;
  const look = (container: Container): unknown => containerStatus(container, pod, state, waiting);
  return {
    phase: phaseOf(pod, state),
    ...(state.finished?.reason === undefined ? {} : { reason: state.finished.reason }),
    ...(state.finished?.message === undefined ? {} : { message: state.finished.message }),
    startTime: timestamp(state.startedAt),
    hostIP: "127.0.0.1",
    podIP: "127.0.0.1",
    conditions: conditions(pod.status.conditions, wishes(pod, state), timestamp(now)),
    ...(spec.initContainers.length === 0 ? {} : { initContainerStatuses: spec.initContainers.map(look) }),
    containerStatuses: spec.containers.map(look),
  };
}

/** The status of a pod that waits for a free slot. */
export function unscheduledStatus(pod: Pod, limit: number, now: number): PodStatus {
  const message = `0/1 nodes are available: 1 Too many pods. At most ${limit} run at a time.`;
  const wish: Wish = ["PodScheduled", false, "Unschedulable", message];
  return { phase: "Pending", conditions: conditions(pod.status.conditions, [wish], timestamp(now)) };
}

function phaseOf({ spec }: Pod, state: PodState): string {
  if (state.finished !== undefined) return state.finished.phase;
  const hasStarted = spec.containers.some(({ name }) => state.containers[name] !== undefined);
  return hasStarted ? "Running" : "Pending";
}

function wishes({ spec }: Pod, state: PodState): readonly Wish[] {
  const { finished } = state;
  const isReady = finished === undefined && spec.containers.every(({ name }) => state.containers[name]?.running !== undefined);
  const why = finished === undefined ? "ContainersNotReady" : finished.phase === "Succeeded" ? "PodCompleted" : "PodFailed";
  const isDone = isInitialized(spec, state);
  return [
    ["PodScheduled", true],
    ["Initialized", isDone, isDone ? undefined : "ContainersNotInitialized"],
    ["ContainersReady", isReady, isReady ? undefined : why],
    ["Ready", isReady, isReady ? undefined : why],
    ...disruption(state),
  ];
}

/** A pod that was stopped because its machine stops was disrupted, not at fault. */
function disruption({ finished, stopping }: PodState): readonly Wish[] {
  if (finished?.phase !== "Failed" || stopping?.cause !== "Stopped") return [];
  return [["DisruptionTarget", true, "TerminationByKubelet", finished.message]];
}

function conditions(old: readonly Condition[], wished: readonly Wish[], at: string): Condition[] {
  const next = wished.map(([type, isTrue, reason, message]) => {
    const status = isTrue ? "True" : "False";
    const before = old.find((condition) => condition.type === type);
    const since = before?.status === status ? (before.lastTransitionTime ?? at) : at;
    return {
      type,
      status,
      lastTransitionTime: since,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    };
  });
  return [...old.filter(({ type }) => !wished.some(([other]) => other === type)), ...next];
}

function containerStatus(container: Container, pod: Pod, state: PodState, waiting: Waiting): unknown {
  const own = state.containers[container.name] ?? {};
  const { running, last } = own;
  const isDone = running !== undefined || (!isSidecar(container) && last?.exitCode === 0 && pod.spec.initContainers.includes(container));
  const restarted = running ?? last;
  return {
    name: container.name,
    image: container.image,
    imageID: "",
    ready: isDone,
    started: running !== undefined,
    restartCount: restarted === undefined ? 0 : restarted.run,
    state: containerState(container, own, pod, { state, waiting }),
    lastState: hasEarlierRun(container, own, state) && last !== undefined ? { terminated: terminated(last) } : {},
    ...(running === undefined ? {} : { containerID: `process://${running.pid}` }),
  };
}

function hasEarlierRun(container: Container, { running }: ContainerState, state: PodState): boolean {
  return running !== undefined || (isSidecar(container) && state.stopping === undefined);
}

interface Context {
  readonly state: PodState;
  readonly waiting: Waiting;
}

function containerState(container: Container, own: ContainerState, pod: Pod, { state, waiting }: Context): unknown {
  if (own.running !== undefined) return { running: { startedAt: timestamp(own.running.startedAt) } };
  const refused = refusalOf(container, waiting);
  if (own.last === undefined) return { waiting: refused ?? { reason: initialReason(container, pod, state) } };
  if (!isSidecar(container) || state.stopping !== undefined) return { terminated: terminated(own.last) };
  return { waiting: refused ?? { reason: "CrashLoopBackOff", message: "the sidecar ended and is started again soon" } };
}

function refusalOf({ name }: Container, waiting: Waiting): unknown {
  const refusal = waiting.get(name);
  return refusal === undefined ? undefined : { reason: refusal.reason, message: refusal.message };
}

function initialReason(container: Container, { spec }: Pod, state: PodState): string {
  const isNext = container === spec.initContainers[0] || (spec.containers.includes(container) && isInitialized(spec, state));
  return isNext ? "ContainerCreating" : "PodInitializing";
}

function terminated({ exitCode, signal, message, startedAt, finishedAt }: Ended): unknown {
  return {
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    reason: exitCode === 0 ? "Completed" : "Error",
    ...(message === "" ? {} : { message }),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
  };
}
