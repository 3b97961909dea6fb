import type { Network } from "../clone/config.ts";

/** Everything that the agent takes from outside besides its input files; the package's config makes it from the environment. */
export interface AgentConfig {
  /** Holds `input.json`, a RunInput. */
  readonly inputDir: string;
  /** Holds `prompt`. */
  readonly promptDir: string;
  /** Holds `api-key`. */
  readonly anthropicDir: string;
  /** Holds `repo.git` and `base.json`. */
  readonly gitDir: string;
  readonly workspaceDir: string;
  readonly outDir: string;
  /** Holds `change.patch.gz` on a try after an infrastructure fault. */
  readonly resumeDir: string;
  readonly tmpDir: string;
  /** Shared with the toolbox; absent: there is none. */
  readonly mailboxDir: string | undefined;
  /** Longest wait for the toolbox to start. */
  readonly toolboxSeconds: number;
  /** Where `termination-log` is written; `/dev` in a pod. */
  readonly terminationDir: string;
  /** Absent: the public API. */
  readonly anthropicBaseURL: string | undefined;
  /** Program name or path of ripgrep. */
  readonly ripgrep: string;
  /** Seconds without a byte from the API before a request counts as dead. */
  readonly idleSeconds: number;
  /** First wait before a turn is sent again; doubles each time, up to 30 times this. */
  readonly retrySeconds: number;
  /** Longest wait for the recorder's `stored`. */
  readonly ackSeconds: number;
  readonly network: Network;
}
