import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

/** Chromium as Debian installs it, unless CODYBATCH_CHROMIUM names another. */
const chromiumPath = process.env["CODYBATCH_CHROMIUM"] ?? "/usr/bin/chromium";

/** Chromium without a sandbox of its own, for containers, and without requests that no page asked for. */
const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: [...chromiumArguments] });
}

const packages = join(import.meta.dirname, "../../../../test/cluster/packages.sh");

/** Installs Chromium where it is missing, as the cluster tests do with what they need, or says what to install. */
export function ensureChromium(): void {
  if (isThere()) return;
  const { status } = spawnSync(packages, ["chromium"], { stdio: ["ignore", "inherit", "inherit"] });
  if (status === 0 && isThere()) return;
  throw new Error(`there is no Chromium at ${chromiumPath}: install the package chromium, or name a program in CODYBATCH_CHROMIUM`);
}

function isThere(): boolean {
  try {
    accessSync(chromiumPath, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
