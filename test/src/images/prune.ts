import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../scripts/images/command.ts";
import { programs } from "../../../scripts/images/program.ts";

/** Archives of each program that stay: those used last. */
const kept = 3;

/** Removes older archives from the cache, and every image of ours in Buildah's storage that has no archive there. */
export async function pruneImages(cache: string): Promise<void> {
  await pruneArchives(cache);
  await pruneStorage(new Set(await readdir(cache)));
}

/** Removes older archives and what a killed build left. */
export async function pruneArchives(cache: string): Promise<void> {
  const names = await readdir(cache);
  for (const program of programs) {
    const archives = names.filter((name) => name.startsWith(`codybatch-${program}-`) && name.endsWith(".tar"));
    for (const old of (await newestFirst(cache, archives)).slice(kept)) await rm(join(cache, old), { force: true });
  }
  for (const partial of names.filter((name) => /\.tar\.\d+$/.test(name))) await rm(join(cache, partial), { force: true });
}

async function newestFirst(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const dated = names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs }));
  return (await Promise.all(dated)).toSorted((one, other) => other.at - one.at).map(({ name }) => name);
}

async function pruneStorage(archives: ReadonlySet<string>): Promise<void> {
  const images = (await run("buildah", "images", "--format", "{{.Name}}:{{.Tag}}")).split("\n");
  for (const image of images) {
    const [, program, tag] = /^localhost\/codybatch-(operator|runner):([0-9a-f]{12})$/.exec(image) ?? [];
    if (program !== undefined && !archives.has(`codybatch-${program}-${tag}.tar`)) await run("buildah", "rmi", image);
  }
}
