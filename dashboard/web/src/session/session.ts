import type { Refused } from "@codybatch/dashboard-contract/client";
import { useSyncExternalStore } from "react";

/** Why a session ended, for the page that says so. */
export type SessionEnd = NonNullable<Refused["fault"]["reason"]>;

let ended: SessionEnd | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows the page that says why instead of whatever is open; nothing is redirected, so no loop can come of it. */
export function endSession(reason: SessionEnd | undefined): void {
  ended = reason;
  for (const listener of listeners) listener();
}

export function useSessionEnd(): SessionEnd | undefined {
  return useSyncExternalStore(subscribe, () => ended);
}
