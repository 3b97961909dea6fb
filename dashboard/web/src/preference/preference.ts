import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const prefix = "codybatch.";

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** Storage may be forbidden; then a choice holds until the page is closed. */
const kept = new Map<string, string>();

function read(key: string): string | undefined {
  try {
    return window.localStorage.getItem(prefix + key) ?? kept.get(key);
  } catch {
    return kept.get(key);
  }
}

function write(key: string, value: string): void {
  kept.set(key, value);
  try {
    window.localStorage.setItem(prefix + key, value);
  } catch {
    // Kept above.
  }
  for (const listener of listeners) listener();
}

/** One of the allowed words, the first when nothing was chosen; the choice is kept in this browser. */
export function usePreference<const T extends string>(key: string, allowed: readonly [T, ...T[]]): readonly [T, (value: T) => void] {
  const stored = useSyncExternalStore(subscribe, () => read(key));
  const value = allowed.find((word) => word === stored) ?? allowed[0];
  const choose = useCallback((chosen: T) => write(key, chosen), [key]);
  return [value, choose];
}
