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
  if (local.hasGithub) expectLawful(local.github);
}

/** What the journal of the stand-in for GitHub must say after any story. */
function expectLawful({ mistakes, requests, pushes }: LocalMode["github"]): void {
  expect(mistakes).toEqual([]);
  expect(requests.filter(({ writes, token }) => writes && token === "read")).toEqual([]);
  expect(requests.filter(({ early }) => early)).toEqual([]);
  expect(pushes.filter(({ forced }) => forced)).toEqual([]);
}

/** Shows what the programs said last when a test has failed. */
export function tellFailure(local: LocalMode, { result }: { readonly result?: { readonly state: string } | undefined }): void {
  if (result?.state === "fail") console.error(local.logs());
}
