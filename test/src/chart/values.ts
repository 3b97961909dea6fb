import { z } from "zod";
import { Environment as DashboardEnvironment, MountedClaim } from "../../../dashboard/server/src/config/environment.ts";
import {
  caBundle,
  containerResources,
  image,
  namespace,
  publishing,
  runnerEnvironment,
  volumeSizes,
  webURL,
} from "../../../operator/src/config/form.ts";
import { Environment } from "../../../operator/src/config/environment.ts";
import { Limits } from "../../../operator/src/reconcile/limits.ts";
import { Quotas } from "../../../operator/src/reconcile/quota/quota.ts";

const duration = z.string().regex(/^[0-9]+(s|m|h|d)$/, "must be a whole number with one unit, such as 15m");
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a Kubernetes name");
const cidr = z.string().regex(/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/, "must be a range such as 10.0.0.1/32");
const host = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?$/, "must be a host's name, such as github.com");
const hostName = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a host's name, such as cody.example");
const texts = z.record(z.string(), z.string());
/** What Kubernetes itself checks. */
const anything = z.record(z.string(), z.unknown());
const orEmpty = <T extends z.ZodType>(form: T) => z.union([z.literal(""), form]);
const pullPolicy = z.enum(["Always", "IfNotPresent", "Never"]);
const Amounts = z.record(z.string(), z.union([z.string(), z.number()]));

/** Set by `jobs` in units that a user reads. */
const elsewhere = ["CODYBATCH_KEEP_FINISHED_SECONDS", "CODYBATCH_KEEP_FAILED_SECONDS", "CODYBATCH_TERMINATION_GRACE_SECONDS"];
const times = Object.keys(Environment.shape).filter((variable) => variable.endsWith("_SECONDS") && !elsewhere.includes(variable));
const numberAsText = z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'must be a number as text, such as "30"');

const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal"]);
const podResources = z.strictObject({ requests: Amounts, limits: Amounts });

const Operator = z.strictObject({
  image: orEmpty(image),
  imagePullPolicy: pullPolicy,
  logLevel,
  workers: z.int().min(1).max(100),
  apiRequests: z.int().min(1).max(500),
  resources: podResources,
  nodeSelector: texts,
  tolerations: z.array(anything),
  priorityClassName: z.string(),
  podAnnotations: texts,
  env: z.partialRecord(z.enum(times), numberAsText),
});

const ofDashboard = DashboardEnvironment.shape;
const dashboardNumbers = Object.keys(ofDashboard).filter((variable) => /_(SECONDS|PER_MINUTE|STREAMS)$/.test(variable));
const peer = ofDashboard.CODYBATCH_DASHBOARD_PROXY_PEERS.unwrap().out.element;

const Dashboard = z.strictObject({
  enabled: z.boolean(),
  replicas: z.int().min(1).max(10),
  logLevel,
  auth: z.strictObject({
    mode: ofDashboard.CODYBATCH_DASHBOARD_AUTH.unwrap(),
    acceptClusterTokens: z.boolean(),
    proxy: z.strictObject({ peers: z.array(peer), secretName: orEmpty(name) }),
  }),
  ingress: z.strictObject({
    enabled: z.boolean(),
    className: orEmpty(name),
    host: orEmpty(hostName),
    tlsSecretName: orEmpty(name),
    annotations: texts,
  }),
  from: z.array(anything),
  namespaces: z.array(namespace),
  claims: z.array(MountedClaim.shape.claim).max(20),
  resources: podResources,
  nodeSelector: texts,
  tolerations: z.array(anything),
  priorityClassName: z.string(),
  podAnnotations: texts,
  env: z.partialRecord(z.enum(dashboardNumbers), numberAsText),
});

const Runner = z.strictObject({
  image: orEmpty(image),
  imagePullPolicy: pullPolicy,
  resources: containerResources,
  volumeSizes,
  runtimeClassName: z.string(),
  nodeSelector: texts,
  tolerations: z.array(anything),
  env: runnerEnvironment,
});

const { shape } = Limits;
const AdminLimits = z.strictObject({
  maxRepositories: shape.maxRepositories.unwrap(),
  repositoryPatterns: shape.repositoryPatterns.unwrap(),
  publishPolicies: shape.publishPolicies.unwrap().min(1),
  allowPaths: shape.allowPaths.unwrap(),
  models: shape.models.unwrap().min(1),
  secretNames: shape.secretNames.unwrap().min(1),
  toolboxImages: shape.toolboxImages.unwrap(),
  parallelism: shape.parallelism.unwrap(),
  prices: shape.prices.unwrap(),
  // `--set` makes text of a number with decimals.
  maxCostUSD: z
    .union([z.number().min(0), z.string().regex(/^[0-9]{1,7}(\.[0-9]{1,4})?$/)])
    .optional()
    .describe("Dollars per BatchChange, such as 50; absent: only its own budget counts."),
});

const NetworkPolicy = z.strictObject({
  enabled: z.boolean(),
  namespaces: z.array(namespace),
  apiServer: z.array(z.strictObject({ cidr, port: z.int().min(1).max(65_535) })),
  dns: z.array(anything),
  publicHTTPS: z.boolean(),
  extraEgress: z.array(anything),
  metricsFrom: z.array(anything),
});

const { author, perMinute, contentPerHour, running } = publishing.shape;
const withoutDefaults = {
  author: author.unwrap(),
  perMinute: perMinute.unwrap(),
  contentPerHour: contentPerHour.unwrap(),
  running: running.unwrap(),
};

/** The chart's values; each that reaches the operator has the form that the operator's own configuration asks for. */
export const Values = z.strictObject({
  /** Put there by Helm when the chart is a part of another. */
  global: anything.optional(),
  install: z.enum(["all", "cluster", "namespace"]),
  crds: z.strictObject({ install: z.boolean() }),
  userRoles: z.strictObject({ aggregate: z.boolean() }),
  watchNamespaces: z.array(namespace),
  imagePullSecrets: z.array(name),
  extraLabels: texts,
  operator: Operator,
  dashboard: Dashboard,
  runner: Runner,
  proxy: z.strictObject({ http: orEmpty(webURL), https: orEmpty(webURL), noProxy: z.string().regex(/^\S*$/, "must have no spaces") }),
  caBundle: z.strictObject({ configMap: orEmpty(name), key: caBundle.shape.key }),
  anthropic: z.strictObject({ baseURL: orEmpty(webURL) }),
  github: z.strictObject({ host, apiURL: orEmpty(webURL), app: z.boolean() }),
  limits: AdminLimits,
  quotas: Quotas,
  publishing: z.strictObject({ ...withoutDefaults, dashboardURL: orEmpty(webURL) }),
  results: z.strictObject({
    maxTotalMiB: shape.maxTotalMiB.unwrap(),
    maxPerChangesetMiB: shape.maxPerChangesetMiB.unwrap(),
    repositoriesWithoutClaim: shape.repositoriesWithoutClaim.unwrap(),
  }),
  jobs: z.strictObject({
    running: shape.runningJobs.unwrap(),
    keepFinished: duration,
    keepFailed: duration,
    keepFailedCount: z.int().min(0).max(10_000),
    terminationGrace: duration,
  }),
  networkPolicy: NetworkPolicy,
  metrics: z.strictObject({
    serviceMonitor: z.strictObject({ enabled: z.boolean(), interval: duration, labels: texts }),
    prometheusRule: z.strictObject({ enabled: z.boolean(), labels: texts }),
  }),
  unsafeWithoutAdmissionPolicy: z.boolean(),
});

/** The text of values.schema.json, with which Helm refuses wrong values before it renders anything. */
export function valuesSchema(): string {
  const schema = z.toJSONSchema(Values, { target: "draft-7", io: "input" });
  return `${JSON.stringify({ ...schema, title: "Values of cody-batch" }, undefined, 2)}\n`;
}
