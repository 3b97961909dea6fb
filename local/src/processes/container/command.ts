import { annotation } from "@codybatch/crds";
import { z } from "zod";

import type { Container, Pod } from "../api/pod.ts";
import type { PlacedMount, Variables } from "./environment.ts";
import { expand } from "./expand.ts";
import { ContainerRefusal } from "./refusal.ts";

/** URLs of the repositories whose pods may run containers with a command of their own, or all. A process is no sandbox. */
export type CommandsOf = "all" | ReadonlySet<string>;

/** Whether the container brings its own command, as the toolbox does, instead of running a known image's program. */
export function hasOwnCommand({ command }: Container): boolean {
  return command.length > 0;
}

/** Command and arguments with the manifest's variables filled in, and mounted paths turned to the folders that stand for them. */
export function placedCommand({ command, args }: Container, mounts: readonly PlacedMount[], declared: Variables): readonly string[] {
  return [...command, ...args].map((word) => placedWord(expand(word, declared), mounts));
}

/** Throws a ContainerRefusal unless the pod's repository is one of those whose commands may run. */
export function demandAllowed(pod: Pod, allowed: CommandsOf): void {
  if (allowed === "all") return;
  const url = repositoryOf(pod);
  if (url !== undefined && allowed.has(url)) return;
  throw new ContainerRefusal(
    "CreateContainerConfigError",
    `local mode runs checks as plain processes of your user, which is no sandbox, and therefore those of its own samples only: start it with --run-checks to run those of ${url ?? "any repository"} too`,
  );
}

/** Where a path below a mount lies on this machine; any other word as it is. The mount that is nearest counts. */
export function placedWord(word: string, mounts: readonly PlacedMount[]): string {
  const [nearest] = mounts
    .map(({ mountPath, path }) => ({ from: mountPath.replace(/\/$/, ""), path }))
    .filter(({ from }) => word === from || word.startsWith(`${from}/`))
    .toSorted((one, other) => other.from.length - one.from.length);
  return nearest === undefined ? word : `${nearest.path}${word.slice(nearest.from.length)}`;
}

const Input = z.object({ repository: z.object({ url: z.string() }) });

function repositoryOf(pod: Pod): string | undefined {
  try {
    return Input.safeParse(JSON.parse(pod.metadata.annotations[annotation.input] ?? "")).data?.repository.url;
  } catch {
    return undefined;
  }
}
