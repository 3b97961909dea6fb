import type { Network } from "../clone/config.ts";

/** Everything that mint takes from outside besides its input file. */
export interface MintConfig {
  /** Holds `input.json` of the container that follows. */
  readonly inputDir: string;
  /** The mounted Secret: `token`, or `app-id`, `private-key` and perhaps `installation-id`. */
  readonly appDir: string;
  /** On memory; gets `token`. The container that follows has it in place of the Secret. */
  readonly tokenDir: string;
  readonly outDir: string;
  /** Absent: it follows from the address of the repositories. */
  readonly githubApiURL: string | undefined;
  /** For all of it, waits included. */
  readonly timeoutSeconds: number;
  /** First wait after a fault of the host; doubles each time. */
  readonly retrySeconds: number;
  /** Longest wait for a limit of the host. */
  readonly limitSeconds: number;
  readonly network: Network;
}
