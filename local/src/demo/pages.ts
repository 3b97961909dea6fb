import { execFile } from "node:child_process";
import { existsSync, globSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Where the repository is, with the pages' sources. */
export interface PagesOptions {
  readonly root: string;
  /** Takes a line before a build, which takes seconds. */
  readonly say: (line: string) => void;
  /** Ends the build. */
  readonly signal: AbortSignal;
}

/** What the pages are made of. */
const sources = [
  "dashboard/web/{src,public}/**",
  "dashboard/web/{index.html,vite.config.ts}",
  "{dashboard/contract,crds}/src/**",
  "package-lock.json",
];

/** Folder of the dashboard's built pages; they are built when there are none, or older ones than their sources. Throws with the builder's words. */
export async function builtPages({ root, say, signal }: PagesOptions): Promise<string> {
  const dist = join(root, "dashboard/web/dist");
  if (isCurrent(root, dist)) return dist;
  say("Building the dashboard's pages, once …");
  // Beside it: whoever serves the old ones never sees half of the new.
  const fresh = `${dist}.${process.pid}`;
  try {
    await buildPages(root, fresh, signal);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return dist;
}

function isCurrent(root: string, dist: string): boolean {
  const page = join(dist, "index.html");
  if (!existsSync(page)) return false;
  const built = statSync(page).mtimeMs;
  return sources.every((pattern) => globSync(pattern, { cwd: root }).every((path) => statSync(join(root, path)).mtimeMs <= built));
}

/** Builds the pages as a release has them, in a process of its own: a NODE_ENV of tests would make React slow. Throws with the builder's words. */
export async function buildPages(root: string, outDir: string, signal: AbortSignal): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", join(root, "dashboard/web"), "--logLevel", "warn", "--outDir", outDir];
  const env = { PATH: process.env["PATH"], NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, args, { cwd: root, env, signal });
}
