import { rmSync } from "node:fs";
import { join } from "node:path";

import type { Container, Pod } from "../api/pod.ts";
import { makePrivate } from "../disk/atomic.ts";
import type { NodeContext } from "../pod/context.ts";
import { placeMounts } from "../volume/folder.ts";
import { declaredVariables, placedVariables } from "./environment.ts";
import { expand } from "./expand.ts";
import { ContainerRefusal } from "./refusal.ts";
import type { Launched } from "./supervisor.ts";
import { launch } from "./supervisor.ts";

interface Start {
  readonly pod: Pod;
  readonly podDir: string;
  readonly container: Container;
  /** Counts the container's runs from 0. */
  readonly run: number;
  readonly onExit: () => void;
}

/** Folder of one run of a container. */
export function runDirOf(podDir: string, container: string, run: number): string {
  return join(podDir, "containers", container, `run-${run}`);
}

/** Where the container leaves its last words. */
export function terminationFileOf(podDir: string, container: string): string {
  return join(podDir, "containers", container, "termination-log");
}

/** Prepares the container's process and leaves it waiting for its word. Throws a ContainerRefusal. */
export async function prepareStart(context: NodeContext, { pod, podDir, container, run, onExit }: Start): Promise<Launched> {
  const command = entryOf(context, container);
  const own = makePrivate(podDir, "containers", container.name);
  const tmp = makePrivate(podDir, "tmp");
  const logs = makePrivate(podDir, "logs");
  rmSync(terminationFileOf(podDir, container.name), { force: true });
  const declared = declaredVariables(container, pod);
  const mounts = placeMounts(pod, container, { podDir, claimsDir: join(context.dir, "claims") }, declared);
  const variables = placedVariables(declared, mounts, own);
  return launch({
    runDir: runDirOf(podDir, container.name, run),
    command: [...command, ...container.args.map((argument) => expand(argument, variables))],
    environment: { ...context.environment, HOME: tmp, TMPDIR: tmp, ...variables },
    cwd: tmp,
    logFile: join(logs, `${container.name}.log`),
    onExit,
  });
}

function entryOf({ entries }: NodeContext, { image, command }: Container): readonly string[] {
  const entry = Object.hasOwn(entries, image) ? entries[image] : undefined;
  if (entry === undefined) {
    const known = Object.keys(entries).join(", ");
    throw new ContainerRefusal(
      "ErrImagePull",
      `image ${JSON.stringify(image)} is not known to the process runner; known: ${known || "none"}`,
    );
  }
  return command.length === 0 ? entry : command;
}
