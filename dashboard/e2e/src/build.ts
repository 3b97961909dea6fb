import { join } from "node:path";
import { buildPages } from "../../../local/src/demo/pages.ts";
import { ensureChromium } from "./browser/program.ts";

const root = join(import.meta.dirname, "../../..");

/** Sees to the browser, and builds the pages once for all browser tests. */
export async function setup(): Promise<void> {
  ensureChromium();
  await buildPages(root, join(root, "dashboard/web/dist"), new AbortController().signal);
}
