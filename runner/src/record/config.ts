/** Everything that the recorder takes from outside besides its input file. */
export interface RecorderConfig {
  /** Holds `input.json`. */
  readonly inputDir: string;
  /** What the agent writes, and the place of the socket. */
  readonly outDir: string;
  /** Holds `token` and, in a cluster, `ca.crt`. The token is read anew each time, since it is rotated. */
  readonly apiTokenDir: string;
  /** This pod's own folder on the claim; absent without one. */
  readonly resultsDir: string | undefined;
  /** Survives a restart of the container, not the pod. */
  readonly tmpDir: string;
  readonly terminationDir: string;
  readonly pod: PodIdentity;
  readonly apiURL: string;
  readonly pollSeconds: number;
  /** Shortest time between two writes of `-live`. */
  readonly liveSeconds: number;
  /** How long the agent may be away, after its first connection, before it counts as lost. */
  readonly agentLostSeconds: number;
  /** How long a SIGTERM waits for an agent that is still connected. */
  readonly graceSeconds: number;
  readonly apiTimeoutSeconds: number;
  /** First wait after a fault of the API server; doubles up to 30 times this. */
  readonly apiRetrySeconds: number;
}

export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}
