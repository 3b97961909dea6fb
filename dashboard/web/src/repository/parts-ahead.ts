import { useEffect } from "react";
import { parts } from "./parts.ts";

/** Milliseconds in which a page comes to rest. */
const patience = 300;

/** Loads what is likely to be opened next once the page has nothing else to do; what fails is loaded again when it is opened. */
export function usePartsAhead(names: readonly (keyof typeof parts)[]): void {
  useEffect(() => {
    const load = (): void => {
      for (const name of names) parts[name]().catch(() => undefined);
    };
    // Not every browser tells when it is idle.
    const timer = window.setTimeout(() => ("requestIdleCallback" in window ? window.requestIdleCallback(load) : load()), patience);
    return () => window.clearTimeout(timer);
  }, [names]);
}
