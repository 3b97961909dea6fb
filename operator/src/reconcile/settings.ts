/** Resource amounts as Kubernetes writes them, such as `{cpu: "500m", memory: "1Gi"}`. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** How the pods of change Jobs look, beyond what a BatchChange says. */
export interface RunnerSettings {
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Time settings `CODYBATCH_*_SECONDS`, given to every container of our own. */
  readonly env: Readonly<Record<string, string>>;
  /** API server for the recorder where the usual environment of a pod is missing (local mode). */
  readonly apiURL?: string;
  readonly anthropicBaseURL?: string;
  /** Whether the Secrets for GitHub may hold an App instead of a token. Nobody may look, so each pod that needs one then has a container more. */
  readonly githubApp: boolean;
  /** Where the API of the git host is; absent: it follows from a repository's URL. */
  readonly githubApiURL?: string;
  /** The toolbox's are those of a BatchChange that names none. */
  readonly resources: Readonly<Record<"recorder" | "clone" | "agent" | "toolbox" | "task", Resources>>;
  readonly volumeSizes: Readonly<Record<"git" | "workspace" | "out" | "tmp" | "base" | "mailbox" | "toolbox", string>>;
  /** Life of the recorder's token, which the kubelet renews after four fifths of it. Kubernetes refuses less than 600. */
  readonly tokenSeconds: number;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Readonly<Record<string, unknown>>[];
  readonly imagePullSecrets?: readonly string[];
  readonly runtimeClassName?: string;
  /** For clone and agent; never for the recorder, which speaks to the API server only. */
  readonly proxy?: Proxy;
  /** ConfigMap, in the pod's namespace, with certificate authorities that clone and agent trust beside the usual ones. */
  readonly caBundle?: { readonly configMap: string; readonly key: string };
}

/** URLs without user or password. Without `https`, `http` serves both. */
interface Proxy {
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are reached directly, with commas between. */
  readonly noProxy?: string;
}

/** Waiting times, all in seconds. */
export interface Timings {
  /** Added to the agent's timeout: the pod's backstop. */
  readonly backstop: number;
  readonly terminationGrace: number;
  /** After the end of a pod, for its records to arrive before ResultLost. */
  readonly resultWait: number;
  readonly nodeLost: number;
  /** Beyond its grace, before a deleting pod counts as NodeLost. */
  readonly deletingSlack: number;
  readonly keepFinished: number;
  readonly keepFailed: number;
  /** Between looks at what no watch reports: a missing prompt, a refused pod. */
  readonly poll: number;
  /** After the end of clone, before a toolbox that cannot start is given up. */
  readonly toolboxStart: number;
  /** Longest work of a task's Job, as its process limits it; the pod's backstop comes on top. */
  readonly task: number;
  /** Between an infrastructure fault and the next try. */
  readonly retryDelay: number;
  /** After the first publish Job that came to nothing; doubles each time. */
  readonly publishRetry: number;
  readonly publishRetryMost: number;
  /** What has failed for so long is left to a person. */
  readonly publishGiveUp: number;
  /** Between two looks at pull requests of which one was opened within a day. */
  readonly track: number;
}

/** How pull requests are made, beyond what a BatchChange says. */
export interface PublishingSettings {
  /** Of the commits; a branch whose commits are another's is never touched. */
  readonly author: { readonly name: string; readonly email: string };
  /** Where a reader of the pull request finds the dashboard; absent: there is none. */
  readonly dashboardURL?: string;
  /** Pull requests in a minute with one credential, evenly. */
  readonly perMinute: number;
  /** Requests in an hour that make content, with one credential. GitHub's own limit is 500. */
  readonly contentPerHour: number;
  /** Publish Jobs of all batches that run at once. */
  readonly running: number;
}

export interface Settings {
  readonly runner: RunnerSettings;
  readonly timings: Timings;
  readonly publishing: PublishingSettings;
  /** Failed Jobs kept per namespace. */
  readonly keepFailedJobs: number;
}

export const defaultTimings: Timings = {
  backstop: 900,
  terminationGrace: 120,
  resultWait: 120,
  nodeLost: 600,
  deletingSlack: 300,
  keepFinished: 900,
  keepFailed: 86_400,
  poll: 30,
  toolboxStart: 600,
  task: 600,
  retryDelay: 10,
  publishRetry: 30,
  publishRetryMost: 1800,
  publishGiveUp: 86_400,
  track: 300,
};

export const defaultRunner: RunnerSettings = {
  image: "localhost/codybatch-runner:dev",
  env: {},
  resources: {
    recorder: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    clone: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "1Gi" } },
    agent: { requests: { cpu: "200m", memory: "256Mi" }, limits: { memory: "2Gi" } },
    toolbox: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    task: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } },
  },
  volumeSizes: { git: "4Gi", workspace: "4Gi", out: "256Mi", tmp: "1Gi", base: "4Gi", mailbox: "256Mi", toolbox: "8Gi" },
  tokenSeconds: 3600,
  githubApp: false,
};

export const defaultPublishing: PublishingSettings = {
  author: { name: "Cody Batch", email: "cody-batch@users.noreply.github.com" },
  perMinute: 5,
  contentPerHour: 400,
  running: 20,
};

export const defaultSettings: Settings = {
  runner: defaultRunner,
  timings: defaultTimings,
  publishing: defaultPublishing,
  keepFailedJobs: 20,
};
