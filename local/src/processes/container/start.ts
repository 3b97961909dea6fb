import { rmSync } from "node:fs";
import { join } from "node:path";

import type { Container, Pod } from "../api/pod.ts";
import { makePrivate } from "../disk/atomic.ts";
import type { NodeContext } from "../pod/context.ts";
import { placeMounts } from "../volume/folder.ts";
import { demandAllowed, hasOwnCommand, placedCommand, placedWord } from "./command.ts";
import { declaredVariables, placedVariables } from "./environment.ts";
import { expand } from "./expand.ts";
import { markOf } from "./marked.ts";
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
  const entry = entryOf(context, pod, container);
  const own = makePrivate(podDir, "containers", container.name);
  const tmp = makePrivate(podDir, "tmp", container.name);
  const logs = makePrivate(podDir, "logs");
  rmSync(terminationFileOf(podDir, container.name), { force: true });
  const declared = declaredVariables(container, pod);
  const mounts = placeMounts(pod, container, { podDir, claimsDir: join(context.dir, "claims") }, declared);
  const variables = placedVariables(declared, mounts, own);
  const runDir = runDirOf(podDir, container.name, run);
  const isOwn = entry === undefined;
  return launch({
    runDir,
    command: isOwn ? placedCommand(container, mounts, declared) : [...entry, ...container.args.map((word) => expand(word, variables))],
    environment: { ...context.environment, ...(isOwn ? markOf(runDir) : context.passed), HOME: tmp, TMPDIR: tmp, ...variables },
    cwd: isOwn ? placedWord(container.workingDir ?? tmp, mounts) : tmp,
    logFile: join(logs, `${container.name}.log`),
    onExit,
  });
}

/** The program of a known image; undefined for a container that brings its own command and may. */
function entryOf({ entries, commandsOf }: NodeContext, pod: Pod, container: Container): readonly string[] | undefined {
  const { image } = container;
  if (hasOwnCommand(container)) {
    demandAllowed(pod, commandsOf);
    return undefined;
  }
  const entry = Object.hasOwn(entries, image) ? entries[image] : undefined;
  if (entry !== undefined) return entry;
  const known = Object.keys(entries).join(", ");
  throw new ContainerRefusal(
    "ErrImagePull",
    `image ${JSON.stringify(image)} is not known to the process runner; known: ${known || "none"}`,
  );
}
