import type { Logger } from "pino";

import type { Api } from "../api/client.ts";
import type { Pod } from "../api/pod.ts";
import type { CommandsOf } from "../container/command.ts";
import type { Variables } from "../container/environment.ts";
import type { Secrets } from "../volume/source.ts";

export interface Timings {
  /** How often running processes are looked at; default 0.5 s. Ends of own children are seen at once. */
  readonly pollSeconds: number;
  /** Until a container that could not start is tried again; default 3 s. */
  readonly retrySeconds: number;
  /** Pause before a sidecar's second restart, doubling; default 10 s as on a cluster. */
  readonly restartSeconds: number;
  /** Between passes over everything, whether something changed or not; default 5 s. */
  readonly resyncSeconds: number;
  /** Life of a watch, after which the list is read anew; default 60 s. */
  readonly relistSeconds: number;
}

/** What all pods of one process runner share. */
export interface NodeContext {
  readonly api: Api;
  /** Folder with `pods`, `claims` and `jobs`. */
  readonly dir: string;
  /** Command of each known image; a container's arguments are appended. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  readonly secrets: Secrets;
  /** Variables every container gets, such as PATH. */
  readonly environment: Variables;
  /** Variables that only containers of known images get besides. */
  readonly passed: Variables;
  readonly commandsOf: CommandsOf;
  readonly keepVolumes: boolean;
  readonly timings: Timings;
  readonly now: () => number;
  readonly log: Logger;
  /** Whether the pod's Job has counted its end. */
  readonly hasCounted: (pod: Pod) => Promise<boolean>;
}
