import { readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { run } from "./command.ts";
import { root } from "./program.ts";

/** Builds the dashboard's pages into a folder, which holds nothing else afterwards; `licences.md` there has the licences of all that is in them. Throws CommandError with Vite's own words. */
export async function buildWeb(folder: string): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const options = ["--logLevel", "warn", "--outDir", resolve(folder), "--emptyOutDir"];
  // React takes its own slow build in any other NODE_ENV, as in that of tests.
  await run("env", "NODE_ENV=production", process.execPath, vite, "build", join(root, "dashboard/web"), ...options);
}

/** Paths of all built files below the folder, in the order of names. */
export async function webFiles(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
