import { join } from "node:path";
import { z } from "zod";

import type { Pod } from "../api/pod.ts";
import { podSchema } from "../api/pod.ts";
import { readIfThere, writeDurably } from "../disk/atomic.ts";

const runningSchema = z.object({
  /** Counts the runs of this container from 0. */
  run: z.int().min(0),
  pid: z.int().min(2),
  /** See `startOf`: with the process id it names one process for ever. */
  start: z.string(),
  startedAt: z.number(),
  isTermed: z.boolean().default(false),
  isKilled: z.boolean().default(false),
});

const endedSchema = z.object({
  run: z.int().min(0),
  exitCode: z.int(),
  signal: z.int().optional(),
  message: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
});

const containerSchema = z.object({ running: runningSchema.optional(), last: endedSchema.optional() });

const stateSchema = z.object({
  version: z.literal(1),
  startedAt: z.number(),
  areVolumesMade: z.boolean(),
  stopping: z.object({ cause: z.enum(["Completed", "Deleted", "DeadlineExceeded", "Stopped"]), deadline: z.number() }).optional(),
  containers: z.record(z.string(), containerSchema),
  finished: z.object({ phase: z.enum(["Succeeded", "Failed"]), reason: z.string().optional(), message: z.string().optional() }).optional(),
});

export type Running = Readonly<z.infer<typeof runningSchema>>;
export type Ended = Readonly<z.infer<typeof endedSchema>>;
export type ContainerState = Readonly<z.infer<typeof containerSchema>>;
/** All that was started for a pod and what came of it; on disk before anybody is told. Times are milliseconds since 1970. */
export type PodState = Readonly<z.infer<typeof stateSchema>>;
export type StopCause = NonNullable<PodState["stopping"]>["cause"];
export type Finish = NonNullable<PodState["finished"]>;

/** A pod of which nothing was started. */
export function freshState(now: number): PodState {
  return { version: 1, startedAt: now, areVolumesMade: false, containers: {} };
}

/** The state with one container's part replaced. */
export function withContainer(state: PodState, name: string, container: ContainerState): PodState {
  return { ...state, containers: { ...state.containers, [name]: container } };
}

export async function saveState(podDir: string, state: PodState): Promise<void> {
  await writeDurably(join(podDir, "state.json"), JSON.stringify(state));
}

/** A pod's stored state cannot be read: what it started is not known. */
export class StateError extends Error {
  constructor(path: string, options: ErrorOptions) {
    super(`${path} cannot be read`, options);
    this.name = "StateError";
  }
}

/** The stored state; undefined when nothing was ever started in this folder. Throws StateError. */
export async function loadState(podDir: string): Promise<PodState | undefined> {
  const path = join(podDir, "state.json");
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StateError(path, { cause });
  }
}

/** Keeps the manifest, so that the pod can be stopped in order even when its object is gone. */
export async function savePod(podDir: string, pod: Pod): Promise<void> {
  await writeDurably(join(podDir, "pod.json"), JSON.stringify(pod));
}

export async function loadPod(podDir: string): Promise<Pod | undefined> {
  const text = await readIfThere(join(podDir, "pod.json"));
  return text === undefined ? undefined : podSchema.parse(JSON.parse(text));
}
