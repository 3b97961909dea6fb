import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureChromium } from "./browser/program.ts";

const folder = join(import.meta.dirname, "../../web");
const program = join(import.meta.dirname, "../../../node_modules/vite/bin/vite.js");

/** Sees to the browser, and builds the pages once for all browser tests, as a release has them. In a process of its own: here NODE_ENV is test. */
export async function setup(): Promise<void> {
  ensureChromium();
  const env = { PATH: process.env["PATH"], NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [program, "build", "--logLevel", "warn"], { cwd: folder, env });
}
