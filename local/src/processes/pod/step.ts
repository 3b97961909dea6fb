import type { Container, PodSpec } from "../api/pod.ts";
import { isSidecar } from "../api/pod.ts";
import type { ContainerState, Ended, Finish, PodState, StopCause } from "./state.ts";

export type PodAction =
  | { readonly kind: "start" | "terminate" | "kill"; readonly container: string }
  | { readonly kind: "stop"; readonly cause: StopCause; readonly graceSeconds: number }
  | { readonly kind: "finish"; readonly finish: Finish };

export interface StepRules {
  /** Pause before a sidecar's second restart; it doubles up to 300 s. The first restart is at once. */
  readonly restartSeconds: number;
}

const longestRestartSeconds = 300;
const deadlineMessage = "Pod was active on the node longer than the specified deadline";
const shutdownMessage = "Pod was terminated in response to imminent node shutdown.";

/** What to do now for the pod; nothing to do means waiting for a process to end or for time to pass. */
export function nextActions(spec: PodSpec, state: PodState, now: number, rules: StepRules): readonly PodAction[] {
  if (state.finished !== undefined) return [];
  if (state.stopping !== undefined) return stopping(spec, state, now);
  const isOverdue = spec.activeDeadlineSeconds !== undefined && now >= state.startedAt + spec.activeDeadlineSeconds * 1000;
  if (isOverdue) return [{ kind: "stop", cause: "DeadlineExceeded", graceSeconds: spec.terminationGracePeriodSeconds }];
  if (hasEnded(spec, state)) return [{ kind: "stop", cause: "Completed", graceSeconds: spec.terminationGracePeriodSeconds }];
  return startable(spec, state, now, rules).map((container) => ({ kind: "start", container: container.name }));
}

/** Whether all init containers have done their part: ended well, or started when they are sidecars. */
export function isInitialized(spec: PodSpec, state: PodState): boolean {
  return spec.initContainers.every((container) => isDone(container, part(state, container)));
}

function part(state: PodState, container: Container): ContainerState {
  return state.containers[container.name] ?? {};
}

function isDone(container: Container, { running, last }: ContainerState): boolean {
  return isSidecar(container) ? running !== undefined || last !== undefined : last?.exitCode === 0;
}

function hasEnded(spec: PodSpec, state: PodState): boolean {
  const hasInitFailed = spec.initContainers.some(
    (container) => !isSidecar(container) && (part(state, container).last?.exitCode ?? 0) !== 0,
  );
  return hasInitFailed || spec.containers.every((container) => part(state, container).last !== undefined);
}

function startable(spec: PodSpec, state: PodState, now: number, rules: StepRules): readonly Container[] {
  const due: Container[] = [];
  for (const container of spec.initContainers) {
    const own = part(state, container);
    if (isSidecar(container) ? isSidecarDue(own, now, rules) : isUntouched(own)) due.push(container);
    if (!isDone(container, own)) return due;
  }
  return [...due, ...spec.containers.filter((container) => isUntouched(part(state, container)))];
}

function isUntouched({ running, last }: ContainerState): boolean {
  return running === undefined && last === undefined;
}

function isSidecarDue({ running, last }: ContainerState, now: number, rules: StepRules): boolean {
  if (running !== undefined) return false;
  return last === undefined || now >= last.finishedAt + restartDelay(last, rules);
}

/** Milliseconds between a sidecar's end and its next start. */
function restartDelay({ run }: Ended, { restartSeconds }: StepRules): number {
  return run === 0 ? 0 : Math.min(restartSeconds * 2 ** (run - 1), longestRestartSeconds) * 1000;
}

/** Ordinary containers first and together, then sidecars one by one from the last; past the deadline everything at once. */
function stopping(spec: PodSpec, state: PodState, now: number): readonly PodAction[] {
  const sidecars = spec.initContainers.filter(isSidecar).toReversed();
  const ordinary = [...spec.initContainers.filter((container) => !isSidecar(container)), ...spec.containers];
  const living = [...ordinary, ...sidecars].filter((container) => part(state, container).running !== undefined);
  if (living.length === 0) return [{ kind: "finish", finish: finishOf(spec, state) }];
  if (now >= (state.stopping?.deadline ?? 0)) {
    return living
      .filter((container) => part(state, container).running?.isKilled === false)
      .map(({ name }) => ({ kind: "kill", container: name }));
  }
  const first = living.filter((container) => !isSidecar(container));
  const turn = first.length > 0 ? first : living.slice(0, 1);
  return turn
    .filter((container) => part(state, container).running?.isTermed === false)
    .map(({ name }) => ({ kind: "terminate", container: name }));
}

function finishOf(spec: PodSpec, state: PodState): Finish {
  const cause = state.stopping?.cause;
  if (cause === "DeadlineExceeded") return { phase: "Failed", reason: "DeadlineExceeded", message: deadlineMessage };
  if (cause === "Stopped") return { phase: "Failed", reason: "Terminated", message: shutdownMessage };
  return { phase: spec.containers.every((container) => part(state, container).last?.exitCode === 0) ? "Succeeded" : "Failed" };
}
