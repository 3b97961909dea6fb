import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { annotation } from "@codybatch/crds";
import { isRunning, signal, startOf } from "@codybatch/local";
import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import { patience } from "./settings.ts";

export type ContainerName = "recorder" | "clone" | "agent" | "publish" | "discover" | "track";

/** What a change and a publish Job have in common; others are about no single repository. */
const Input = z.object({ repository: z.object({ name: z.string() }) });

const State = z.object({
  containers: z.record(z.string(), z.object({ running: z.object({ run: z.int(), pid: z.int(), start: z.string() }).optional() })),
});
const Pod = z.object({ metadata: z.object({ name: z.string(), uid: z.string(), annotations: z.record(z.string(), z.string()) }) });

/** A container that the process runner has started and not yet seen ended. */
export interface RunningContainer {
  readonly pod: string;
  readonly podDir: string;
  readonly repository: string;
  readonly name: string;
  /** Counts the container's runs from 0. */
  readonly run: number;
  /** The supervisor, which leads the container's process group. */
  readonly supervisor: { readonly pid: number; readonly start: string };
}

/** What runs, as the process runner wrote it down in its folder. */
export function runningContainers(processesDir: string): readonly RunningContainer[] {
  const pods = join(processesDir, "pods");
  return (existsSync(pods) ? readdirSync(pods) : []).flatMap((uid) => containersOf(join(pods, uid)));
}

/** Folder of a pod; others come and go meanwhile. */
export function podDirOf(processesDir: string, pod: string): string | undefined {
  const pods = join(processesDir, "pods");
  const folders = readdirSync(pods).map((uid) => join(pods, uid));
  return folders.find((folder) => Pod.safeParse(readJSON(join(folder, "pod.json"))).data?.metadata.name === pod);
}

function containersOf(podDir: string): readonly RunningContainer[] {
  const pod = Pod.safeParse(readJSON(join(podDir, "pod.json")));
  const state = State.safeParse(readJSON(join(podDir, "state.json")));
  if (!pod.success || !state.success) return [];
  const { name, annotations } = pod.data.metadata;
  const input = Input.safeParse(JSON.parse(annotations[annotation.input] ?? "{}"));
  return Object.entries(state.data.containers).flatMap(([container, { running }]) => {
    if (running === undefined || !isRunning(running.pid, running.start)) return [];
    const { run, pid, start } = running;
    return [{ pod: name, podDir, repository: input.data?.repository.name ?? "", name: container, run, supervisor: { pid, start } }];
  });
}

/** Kills the container's own process with -9, and not its supervisor, as the kernel's OOM killer would; resolves when it is gone. */
export async function killContainer(processesDir: string, repository: string, name: ContainerName): Promise<RunningContainer> {
  const found = await eventually(
    `a running ${name} of ${repository}`,
    async () => {
      const container = runningContainers(processesDir).find((one) => one.repository === repository && one.name === name);
      const pid = container === undefined ? undefined : childOf(container);
      const start = pid === undefined ? undefined : startOf(pid);
      return container === undefined || pid === undefined || start === undefined ? undefined : { container, pid, start };
    },
    patience,
  );
  signal(found.pid, "SIGKILL");
  await eventually(`the killed ${name} is gone`, async () => (isRunning(found.pid, found.start) ? undefined : true));
  return found.container;
}

/** Ends the supervisor and all of its group. */
export function endContainer({ supervisor }: RunningContainer): void {
  if (isRunning(supervisor.pid, supervisor.start)) signal(-supervisor.pid, "SIGKILL");
}

function childOf({ podDir, name, run }: RunningContainer): number | undefined {
  const path = join(podDir, "containers", name, `run-${run}`, "child");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text.endsWith("\n") ? Number(text) : undefined;
}

function readJSON(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
