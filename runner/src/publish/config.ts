import type { Network } from "../clone/config.ts";

/** Everything that publishing takes from outside besides its input file. */
export interface PublishConfig {
  /** Holds `input.json`, a PublishInput. */
  readonly inputDir: string;
  /** Holds `change.patch.gz`. */
  readonly patchDir: string;
  /** Holds `token`, if the Secret exists. */
  readonly githubWriteDir: string;
  /** Holds `signing.key`, if commits are to be signed. */
  readonly signingDir: string | undefined;
  readonly outDir: string;
  /** On memory: the token lies there while git runs. */
  readonly tmpDir: string;
  /** For what git fetches, which may be large. */
  readonly gitDir: string;
  /** Absent: made from the repository's URL. */
  readonly githubApiURL: string | undefined;
  /** For all of it, waits included. */
  readonly timeoutSeconds: number;
  /** First wait after a fault of the host; doubles each time. */
  readonly retrySeconds: number;
  /** Longest wait for a limit of the host; for a longer one the Job ends and says until when. */
  readonly limitSeconds: number;
  /** Longest wait for the recorder's `stored`. */
  readonly ackSeconds: number;
  /** Most bytes of one commit with its files. */
  readonly maxBytes: number;
  readonly network: Network;
}
