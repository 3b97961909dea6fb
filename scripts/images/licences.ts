import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./program.ts";

/** The licence texts of the packages that a bundle holds: many licences ask that the text goes with every copy. */
export async function licencesOf(bundledFiles: readonly string[]): Promise<string> {
  const folders = new Set(bundledFiles.map(packageFolder).filter((folder) => folder !== undefined));
  return (await Promise.all([...folders].toSorted().map(licenceOf))).join("\n");
}

/** `node_modules/@scope/name` of a path, the innermost one; undefined for our own files. */
function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/** Throws when a package says nothing of its licence: then somebody has to look. */
async function licenceOf(folder: string): Promise<string> {
  const manifest = await readFile(join(root, folder, "package.json"), "utf8");
  const { name, version, license }: Readonly<Record<string, unknown>> = JSON.parse(manifest);
  const files = (await readdir(join(root, folder))).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).toSorted();
  if (files.length === 0 && typeof license !== "string") throw new Error(`${folder} names no licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), "utf8")));
  return [`== ${String(name)} ${String(version)} (${String(license)})`, ...texts.map((text) => text.trim()), ""].join("\n\n");
}
