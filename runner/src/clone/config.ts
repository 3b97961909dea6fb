/** Everything that clone takes from outside besides its input file. */
export interface CloneConfig {
  /** Holds `input.json`. */
  readonly inputDir: string;
  /** Holds `token`, if the Secret exists. */
  readonly githubReadDir: string;
  /** Gets `repo.git` and `base.json`. */
  readonly gitDir: string;
  readonly workspaceDir: string;
  readonly outDir: string;
  readonly tmpDir: string;
  /** Gets what the toolbox mounts read-only, where the run has checks; absent: the pod has no toolbox. */
  readonly baseDir: string | undefined;
  /** The script that the toolbox runs, as it was shipped. */
  readonly toolboxScript: string;
  /** For the whole clone, retries included. */
  readonly timeoutSeconds: number;
  /** First wait after a fault of the network; doubles each time. */
  readonly retrySeconds: number;
  /** For reading what failed checks said; what is not had by then is left out. */
  readonly checksSeconds: number;
  /** Absent: made from the repository's URL. */
  readonly githubApiURL: string | undefined;
  /** Most bytes of the git directory and the work tree together. */
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly network: Network;
}

export interface Network {
  readonly httpsProxy: string | undefined;
  readonly httpProxy: string | undefined;
  readonly noProxy: string | undefined;
  /** PEM file of certificate authorities that this process trusts beside the usual ones, if it exists. */
  readonly caFile: string | undefined;
}
