import { chmodSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";

import { ContainerRefusal } from "../container/refusal.ts";

/** A file of a volume that is made of an object's keys or fields. */
export interface VolumeFile {
  /** Relative to the volume, `/` separated. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Writes the file readable for its owner only, at once or not at all. */
export async function writeVolumeFile(folder: string, { path, content }: VolumeFile): Promise<void> {
  const target = inside(folder, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.new`;
  await rm(temporary, { force: true });
  await writeFile(temporary, content, { mode: 0o400, flag: "wx" });
  chmodSync(temporary, 0o400);
  await rename(temporary, target);
}

/** The path below the folder; refuses one that leads out of it. */
export function inside(folder: string, path: string): string {
  const clean = normalize(path);
  if (path.startsWith("/") || clean === ".." || clean.startsWith("../")) {
    throw new ContainerRefusal("CreateContainerConfigError", `the path ${JSON.stringify(path)} leads out of its volume`);
  }
  return join(folder, clean);
}
