import type { Registry } from "./kinds/registry.ts";
import type { User } from "./review/user.ts";
import type { Store } from "./store/store.ts";

/** What every handler works with. */
export interface Api {
  readonly registry: Registry;
  readonly store: Store;
  /** The table of test users. */
  readonly users: readonly User[];
  /** Present time. */
  readonly clock: () => Date;
  readonly makeUID: () => string;
  /** The random end of a generated name. */
  readonly makeSuffix: () => string;
}

/** A timestamp as Kubernetes writes it: whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
