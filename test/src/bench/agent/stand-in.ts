import { join } from "node:path";
import { eventually } from "../../cluster/deadline.ts";
import { programOf, readAddress } from "../program.ts";
import { startWatchmaker } from "./watchmaker.ts";
import type { Passed } from "./watchmaker.ts";

/** Starts a stand-in for Claude with this scenario, lets a client work against it, and gives all requests that passed. */
export async function askedOf(dir: string, scenario: string, client: (url: string) => Promise<void>): Promise<readonly Passed[]> {
  const args = ["local/src/claude/main.ts", "--dir", dir, "--scenarios", scenario, "--port", "0"];
  const standIn = programOf({ name: "claude", dir, args, env: {} });
  try {
    const url = await eventually("the stand-in listens", async () => readAddress(join(dir, "claude.json"), standIn.pid));
    await using watch = await startWatchmaker(url);
    await client(watch.url);
    return watch.passed;
  } finally {
    await standIn.stop(AbortSignal.abort());
  }
}
