import { expect } from "vitest";
import type { LocalMode } from "../local-mode/index.ts";

/** Stops everything once the last pods have ended: nothing may be left. */
export async function endStory(local: LocalMode): Promise<void> {
  let remains;
  try {
    await local.untilPodsEnded();
  } finally {
    remains = await local.stop();
  }
  expect(remains).toEqual({ running: [], strays: [] });
  expect(local.mistakes).toEqual([]);
}

/** Shows what the programs said last when a test has failed. */
export function tellFailure(local: LocalMode, { result }: { readonly result?: { readonly state: string } | undefined }): void {
  if (result?.state === "fail") console.error(local.logs());
}
