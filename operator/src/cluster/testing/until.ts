import { setImmediate as turn } from "node:timers/promises";

/** Waits until the condition holds; fails after 5 seconds of real time, saying what was awaited. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await turn();
  }
}

/** Lets everything that is under way on this machine's sockets come through, for asserting that something does not happen. */
export async function settle(turns = 200): Promise<void> {
  for (let count = 0; count < turns; count += 1) await turn();
}
