import type { KeyItems } from "../api/pod.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import type { VolumeFile } from "./entry.ts";

interface Keyed {
  /** For messages: `ConfigMap team-a/prompt`. */
  readonly what: string;
  /** Undefined when the object does not exist. */
  readonly values: Readonly<Record<string, string | Uint8Array>> | undefined;
  readonly items: KeyItems;
  readonly optional: boolean;
}

/** The files of a ConfigMap or Secret volume: all keys, or the named ones. Refuses what is missing and not optional. */
export function keyedFiles({ what, values, items, optional }: Keyed): readonly VolumeFile[] {
  if (values === undefined && !optional) throw new ContainerRefusal("CreateContainerConfigError", `${what} does not exist`);
  const present = values ?? {};
  const wanted = items ?? Object.keys(present).map((key) => ({ key, path: key }));
  const missing = wanted.find(({ key }) => !Object.hasOwn(present, key));
  if (missing !== undefined && !optional) {
    throw new ContainerRefusal("CreateContainerConfigError", `${what} has no key ${JSON.stringify(missing.key)}`);
  }
  return wanted.flatMap(({ key, path }) => {
    const content = Object.hasOwn(present, key) ? present[key] : undefined;
    return content === undefined ? [] : [{ path, content }];
  });
}
