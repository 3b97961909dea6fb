import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium, launchChromium } from "../browser/program.ts";
import { Demo } from "./demo.ts";
import { takePictures } from "./picture.ts";

const folder = join(import.meta.dirname, "../../../../docs/images");

/** Takes the README's pictures of the dashboard, as `npm run demo` shows it. */
async function main(): Promise<void> {
  ensureChromium();
  await mkdir(folder, { recursive: true });
  const dir = await mkdtemp(join(tmpdir(), "codybatch-pictures-"));
  const demo = new Demo(dir);
  const browser = await launchChromium();
  try {
    await takePictures(browser, await demo.settled(), folder);
  } finally {
    await browser.close();
    await demo.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
