import { z } from "zod";
import type { ServerAddress } from "./cluster/endpoint.ts";
import type { LeaseTimes } from "./cluster/lease.ts";
import { reflectorTimes } from "./cluster/reflector-options.ts";
import type { ReflectorTimes } from "./cluster/reflector-options.ts";
import { Environment } from "./config/environment.ts";
import type { Limits } from "./reconcile/limits.ts";
import type { Quota } from "./reconcile/quota/quota.ts";
import { defaultRunner } from "./reconcile/settings.ts";
import type { PublishingSettings, RunnerSettings, Settings, Timings } from "./reconcile/settings.ts";

/** Everything that can be set, checked. Times are milliseconds, but those in `settings`, which are seconds. */
export interface Config {
  readonly server: ServerAddress;
  /** The operator's own namespace, for its Lease. */
  readonly namespace: string;
  /** Empty for all. */
  readonly watchNamespaces: readonly string[];
  readonly podName: string;
  /** Operators of one namespace that share it take turns; each release has its own. */
  readonly leaseName: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: string;
  readonly limits: Limits;
  /** Empty: no namespace has one, and no ledger is kept. */
  readonly quotas: readonly Quota[];
  readonly settings: Settings;
  /** Batches that are worked on at once. */
  readonly workers: number;
  readonly requests: { readonly timeout: number; readonly connections: number };
  readonly reflector: ReflectorTimes;
  readonly lease: LeaseTimes;
  /** Least time between two writes of one BatchChange's status. */
  readonly statusInterval: number;
  /** How long a cache may lag behind a write. */
  readonly expectation: number;
  /** A watch without life for so long makes /healthz fail. */
  readonly healthSilence: number;
  readonly unsafeWithoutAdmissionPolicy: boolean;
  /** The binding that puts the recorder's policy into force; undefined: only the policy is looked for. */
  readonly recorderPolicyBinding: string | undefined;
}

/** Says in one line per variable what is wrong and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Requests of the Lease: one at a time, and one that hangs ends after half the deadline, so that the next one is in time. */
export function leaseRequests({ requests, lease }: Config): Config["requests"] {
  return { connections: 1, timeout: Math.min(requests.timeout, lease.renewDeadline / 2) };
}

/** Where Kubernetes puts a pod's ServiceAccount. */
const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

type Variables = Readonly<Record<string, string | undefined>>;
const noServer = "no API server: set KUBECONFIG to a file (or CODYBATCH_API_URL for local mode); in a pod nothing need be set";

/** Reads the environment; an empty variable counts as absent. Throws {@link ConfigError}. */
export function loadConfig(variables: Variables = process.env): Config {
  const environment = readEnvironment(Environment, variables);
  const problems = contradictions(environment);
  const server = addressOf(environment);
  if (server === undefined) problems.push(noServer);
  if (server === undefined || problems.length > 0) throw new ConfigError(problems);
  return frozen(configOf(environment, server));
}

/** The variables that a schema names, checked; an empty one counts as absent. Throws {@link ConfigError} with the remedy that a field's meta gives. */
export function readEnvironment<S extends z.ZodObject>(schema: S, variables: Variables): z.output<S> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => explain(schema, issue)));
  return parsed.data;
}

function explain(schema: z.ZodObject, issue: z.core.$ZodIssue): string {
  const [variable, ...within] = issue.path;
  const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const name = String(variable);
  const field: unknown = Object.entries(schema.shape).find(([known]) => known === name)?.[1];
  const remedy = field instanceof z.ZodType ? field.meta()?.["remedy"] : undefined;
  const place = within.length === 0 ? name : `${name} at ${within.join(".")}`;
  return `${place}: ${message}${typeof remedy === "string" ? `; ${remedy}` : ""}`;
}

function contradictions(env: Environment): string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [
      env.CODYBATCH_LEASE_SECONDS > env.CODYBATCH_LEASE_RENEW_SECONDS,
      "CODYBATCH_LEASE_RENEW_SECONDS: must be less than CODYBATCH_LEASE_SECONDS, or two operators could act at once; lower it",
    ],
    [
      env.CODYBATCH_LEASE_RENEW_SECONDS > env.CODYBATCH_LEASE_RETRY_SECONDS * 1.2,
      "CODYBATCH_LEASE_RETRY_SECONDS: 1.2 times it must be less than CODYBATCH_LEASE_RENEW_SECONDS, or one hiccup loses the Lease; lower it",
    ],
    [
      env.CODYBATCH_HEALTH_SILENCE_SECONDS > env.CODYBATCH_WATCH_SILENCE_SECONDS,
      "CODYBATCH_HEALTH_SILENCE_SECONDS: must be more than CODYBATCH_WATCH_SILENCE_SECONDS, or the operator is restarted before it can help itself; raise it",
    ],
  ];
  return rules.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

type AddressVariables = Pick<Environment, "CODYBATCH_API_URL" | "KUBECONFIG" | "KUBERNETES_SERVICE_HOST" | "KUBERNETES_SERVICE_PORT">;

/** Where the API server is; throws {@link ConfigError} when nothing says so. */
export function serverOf(env: AddressVariables): ServerAddress {
  const server = addressOf(env);
  if (server === undefined) throw new ConfigError([noServer]);
  return server;
}

function addressOf(env: AddressVariables): ServerAddress | undefined {
  if (env.CODYBATCH_API_URL !== undefined) return { kind: "url", url: env.CODYBATCH_API_URL };
  if (env.KUBECONFIG !== undefined) return { kind: "kubeconfig", path: env.KUBECONFIG };
  if (env.KUBERNETES_SERVICE_HOST === undefined) return undefined;
  return { kind: "in-cluster", host: env.KUBERNETES_SERVICE_HOST, port: env.KUBERNETES_SERVICE_PORT, directory: serviceAccount };
}

function configOf(env: Environment, server: ServerAddress): Config {
  return {
    server,
    namespace: env.CODYBATCH_NAMESPACE,
    watchNamespaces: env.CODYBATCH_WATCH_NAMESPACES,
    podName: env.POD_NAME,
    leaseName: env.CODYBATCH_LEASE_NAME,
    // Probes come from outside the pod; in local mode nobody outside the machine has business here.
    http: { host: env.CODYBATCH_HTTP_HOST ?? (server.kind === "in-cluster" ? "0.0.0.0" : "127.0.0.1"), port: env.CODYBATCH_HTTP_PORT },
    logLevel: env.CODYBATCH_LOG_LEVEL,
    limits: env.CODYBATCH_LIMITS,
    quotas: env.CODYBATCH_QUOTAS,
    settings: {
      runner: runnerOf(env),
      timings: timingsOf(env),
      publishing: publishingOf(env),
      keepFailedJobs: env.CODYBATCH_KEEP_FAILED_JOBS,
    },
    workers: env.CODYBATCH_WORKERS,
    requests: { timeout: env.CODYBATCH_REQUEST_TIMEOUT_SECONDS * 1000, connections: env.CODYBATCH_REQUESTS },
    reflector: { ...reflectorTimes, silence: env.CODYBATCH_WATCH_SILENCE_SECONDS * 1000, relist: env.CODYBATCH_RELIST_SECONDS * 1000 },
    lease: {
      duration: env.CODYBATCH_LEASE_SECONDS * 1000,
      renewDeadline: env.CODYBATCH_LEASE_RENEW_SECONDS * 1000,
      retry: env.CODYBATCH_LEASE_RETRY_SECONDS * 1000,
    },
    statusInterval: env.CODYBATCH_STATUS_INTERVAL_SECONDS * 1000,
    expectation: env.CODYBATCH_EXPECTATION_SECONDS * 1000,
    healthSilence: env.CODYBATCH_HEALTH_SILENCE_SECONDS * 1000,
    unsafeWithoutAdmissionPolicy: env.CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY,
    recorderPolicyBinding: env.CODYBATCH_RECORDER_POLICY_BINDING,
  };
}

function runnerOf(env: Environment): RunnerSettings {
  const {
    CODYBATCH_RUNNER_IMAGE_PULL_POLICY: imagePullPolicy,
    CODYBATCH_RUNNER_API_URL: apiURL,
    ANTHROPIC_BASE_URL: anthropicBaseURL,
    GITHUB_API_URL: githubApiURL,
  } = env;
  return {
    image: env.CODYBATCH_RUNNER_IMAGE,
    env: env.CODYBATCH_RUNNER_ENV,
    resources: { ...defaultRunner.resources, ...env.CODYBATCH_RUNNER_RESOURCES },
    volumeSizes: { ...defaultRunner.volumeSizes, ...env.CODYBATCH_RUNNER_VOLUME_SIZES },
    tokenSeconds: env.CODYBATCH_TOKEN_SECONDS,
    githubApp: env.CODYBATCH_GITHUB_APP,
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    ...(apiURL === undefined ? {} : { apiURL }),
    ...(anthropicBaseURL === undefined ? {} : { anthropicBaseURL }),
    ...(githubApiURL === undefined ? {} : { githubApiURL }),
    ...placementOf(env),
    ...wayOutOf(env),
  };
}

function placementOf(env: Environment): Pick<RunnerSettings, "nodeSelector" | "tolerations" | "imagePullSecrets" | "runtimeClassName"> {
  const {
    CODYBATCH_RUNNER_NODE_SELECTOR: nodeSelector,
    CODYBATCH_RUNNER_TOLERATIONS: tolerations,
    CODYBATCH_RUNNER_IMAGE_PULL_SECRETS: imagePullSecrets,
    CODYBATCH_RUNNER_RUNTIME_CLASS: runtimeClassName,
  } = env;
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }),
    ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
  };
}

function wayOutOf({ CODYBATCH_RUNNER_PROXY: proxy, CODYBATCH_RUNNER_CA_BUNDLE: caBundle }: Environment) {
  return { ...(proxy === undefined ? {} : { proxy }), ...(caBundle === undefined ? {} : { caBundle }) };
}

function publishingOf({ CODYBATCH_PUBLISHING: { dashboardURL, ...publishing } }: Environment): PublishingSettings {
  return dashboardURL === "" ? publishing : { ...publishing, dashboardURL };
}

function timingsOf(env: Environment): Timings {
  return {
    backstop: env.CODYBATCH_BACKSTOP_SECONDS,
    terminationGrace: env.CODYBATCH_TERMINATION_GRACE_SECONDS,
    resultWait: env.CODYBATCH_RESULT_WAIT_SECONDS,
    nodeLost: env.CODYBATCH_NODE_LOST_SECONDS,
    deletingSlack: env.CODYBATCH_DELETING_SLACK_SECONDS,
    keepFinished: env.CODYBATCH_KEEP_FINISHED_SECONDS,
    keepFailed: env.CODYBATCH_KEEP_FAILED_SECONDS,
    poll: env.CODYBATCH_POLL_SECONDS,
    toolboxStart: env.CODYBATCH_TOOLBOX_START_SECONDS,
    task: env.CODYBATCH_TASK_SECONDS,
    retryDelay: env.CODYBATCH_RETRY_DELAY_SECONDS,
    publishRetry: env.CODYBATCH_PUBLISH_RETRY_SECONDS,
    publishRetryMost: env.CODYBATCH_PUBLISH_RETRY_MOST_SECONDS,
    publishGiveUp: env.CODYBATCH_PUBLISH_GIVE_UP_SECONDS,
    track: env.CODYBATCH_TRACK_SECONDS,
  };
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const field of Object.values(value)) frozen(field);
  return Object.freeze(value);
}
