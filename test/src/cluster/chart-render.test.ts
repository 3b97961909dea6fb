import { loadConfig } from "@codybatch/operator";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Environment as DashboardEnvironment } from "../../../dashboard/server/src/config/environment.ts";
import { loadConfig as loadDashboardConfig } from "../../../dashboard/server/src/index.ts";
import { Environment } from "../../../operator/src/config/environment.ts";
import { findHelm, type Helm, one, release, render, type Rendered, required, template } from "../chart/chart.ts";
import { rightsOf } from "../chart/rights.ts";

let helm: Helm;
beforeAll(async () => {
  helm = await findHelm();
});

const kindsAndNames = (objects: readonly Rendered[]): readonly string[] =>
  objects.map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`).toSorted();

/** By name, as everywhere in the chart: `<what>.<release>.<namespace>`. */
const clusterName = (what: string): string => `${what}.${release.name}.${release.namespace}`;
const quotas = [
  { namespaces: ["team-*"], period: "day", maxCostUSD: "2.50" },
  { namespaces: ["*"], period: "month", maxCostUSD: 1_000_000 },
];

const shared = [
  "ClusterRole codybatch-approver",
  "ClusterRole codybatch-author",
  "ClusterRole codybatch-recorder",
  "ClusterRole codybatch-viewer",
  "CustomResourceDefinition batchchanges.codybatch.dev",
  "CustomResourceDefinition changesets.codybatch.dev",
  "ValidatingAdmissionPolicy codybatch-own-pod",
];
const dashboardRoles = ["codybatch-dashboard", "codybatch-dashboard-results", "codybatch-dashboard-reviews"];
const ofCluster = [
  ...["codybatch-operator", "codybatch-operator-cluster", ...dashboardRoles].map((what) => `ClusterRole ${clusterName(what)}`),
  ...["codybatch-operator-cluster", "codybatch-dashboard-reviews"].map((what) => `ClusterRoleBinding ${clusterName(what)}`),
  ...["codybatch-changesets", "codybatch-limits"].map((what) => `ValidatingAdmissionPolicy ${clusterName(what)}`),
  ...["codybatch-changesets", "codybatch-limits", "codybatch-own-pod"].map(
    (what) => `ValidatingAdmissionPolicyBinding ${clusterName(what)}`,
  ),
];
const ofNamespace = [
  ...["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"].map(
    (kind) => `${kind} codybatch-system/cody-dashboard`,
  ),
  "Deployment codybatch-system/cody-operator",
  "NetworkPolicy codybatch-system/cody-operator",
  "NetworkPolicy codybatch-system/cody-operator-test",
  "Pod codybatch-system/cody-operator-test",
  "Role codybatch-system/cody-operator-lease",
  "RoleBinding codybatch-system/cody-operator-lease",
  "Service codybatch-system/cody-operator",
  "ServiceAccount codybatch-system/cody-operator",
];
const ofWatched = [
  "NetworkPolicy team-a/cody-change",
  ...["codybatch-operator", "codybatch-dashboard", "codybatch-dashboard-results"].map((what) => `RoleBinding team-a/${clusterName(what)}`),
];

describe("what is installed", () => {
  test.each([
    [
      "the whole cluster",
      {},
      [
        ...shared,
        ...ofCluster,
        ...ofNamespace,
        ...["codybatch-operator", "codybatch-dashboard"].map((what) => `ClusterRoleBinding ${clusterName(what)}`),
      ],
    ],
    ["one namespace", { watchNamespaces: ["team-a"] }, [...shared, ...ofCluster, ...ofNamespace, ...ofWatched]],
    ["beside another release", { crds: { install: false }, watchNamespaces: ["team-a"] }, [...ofCluster, ...ofNamespace, ...ofWatched]],
    [
      "the administrator's part",
      { install: "cluster", watchNamespaces: ["team-a"] },
      [...shared, ...ofCluster, `ClusterRole ${clusterName("codybatch-installer")}`, "ConfigMap codybatch-system/cody-operator-prepared"],
    ],
    ["the part of a namespace", { install: "namespace", watchNamespaces: ["team-a"] }, [...ofNamespace, ...ofWatched]],
    [
      "without policies",
      { unsafeWithoutAdmissionPolicy: true, watchNamespaces: ["team-a"] },
      [...shared, ...ofCluster, ...ofNamespace, ...ofWatched].filter((line) => !line.includes("Admission")),
    ],
    [
      "without NetworkPolicies",
      { networkPolicy: { enabled: false }, watchNamespaces: ["team-a"] },
      [...shared, ...ofCluster, ...ofNamespace, ...ofWatched].filter((line) => !line.includes("NetworkPolicy")),
    ],
    [
      "with quotas",
      { install: "namespace", watchNamespaces: ["team-a"], quotas },
      [...ofNamespace, ...ofWatched, ...["Role", "RoleBinding"].map((kind) => `${kind} codybatch-system/cody-operator-quotas`)],
    ],
    [
      "with monitoring",
      {
        install: "namespace",
        watchNamespaces: ["team-a"],
        metrics: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
      },
      [
        ...ofNamespace,
        ...ofWatched,
        ...["PrometheusRule", "ServiceMonitor"].map((kind) => `${kind} codybatch-system/cody-operator`),
        "ServiceMonitor codybatch-system/cody-dashboard",
      ],
    ],
    [
      "with an Ingress",
      { install: "namespace", watchNamespaces: ["team-a"], dashboard: { ingress: { enabled: true, host: "cody.example" } } },
      [...ofNamespace, ...ofWatched, "Ingress codybatch-system/cody-dashboard"],
    ],
    [
      "without the dashboard",
      { watchNamespaces: ["team-a"], dashboard: { enabled: false }, metrics: { serviceMonitor: { enabled: true } } },
      [...shared, ...ofCluster, ...ofNamespace, ...ofWatched, "ServiceMonitor codybatch-system/cody-operator"].filter(
        (line) => !line.includes("dashboard"),
      ),
    ],
  ])("%s", async (_, values, expected) => {
    expect(kindsAndNames(await render(helm, values))).toEqual(expected.toSorted());
  });

  test("only what all releases share outlives an uninstall", async () => {
    const kept = (await render(helm)).filter(({ metadata }) => metadata.annotations["helm.sh/resource-policy"] === "keep");
    expect(kindsAndNames(kept)).toEqual(shared);
  });
});

describe("rights, verb by verb", () => {
  const operator = [
    "batchchanges.codybatch.dev: list watch delete",
    "batchchanges/finalizers.codybatch.dev: update",
    "batchchanges/status.codybatch.dev: patch",
    "changesets.codybatch.dev: get list watch create patch",
    "changesets/finalizers.codybatch.dev: update",
    "changesets/status.codybatch.dev: patch",
    "clusterroles.rbac.authorization.k8s.io codybatch-recorder: bind",
    "configmaps: get list watch create delete",
    "events.events.k8s.io: list create patch",
    "jobs.batch: get list watch create patch delete",
    "pods: list watch",
    "rolebindings.rbac.authorization.k8s.io codybatch-recorder: get",
    "rolebindings.rbac.authorization.k8s.io: create",
    "serviceaccounts codybatch-recorder: get",
    "serviceaccounts: create",
  ];
  const read = (...kinds: readonly string[]): readonly string[] => kinds.map((kind) => `${kind}.codybatch.dev: get list watch`);
  const shown = ["cost", "patch", "transcript"].map((what) => `batchchanges/${what}.codybatch.dev: get`);
  const expected: Readonly<Record<string, readonly string[]>> = {
    [clusterName("codybatch-operator")]: operator,
    [clusterName("codybatch-operator-cluster")]: [
      "validatingadmissionpolicies.admissionregistration.k8s.io codybatch-own-pod: get",
      `validatingadmissionpolicybindings.admissionregistration.k8s.io ${clusterName("codybatch-own-pod")}: get`,
    ],
    [clusterName("codybatch-dashboard")]: [...read("batchchanges", "changesets"), "events.events.k8s.io: list"],
    [clusterName("codybatch-dashboard-results")]: ["configmaps: get"],
    [clusterName("codybatch-dashboard-reviews")]: [
      "subjectaccessreviews.authorization.k8s.io: create",
      "tokenreviews.authentication.k8s.io: create",
    ],
    [clusterName("codybatch-installer")]: ["codybatch-dashboard-results", "codybatch-dashboard", "codybatch-operator"].map(
      (what) => `clusterroles.rbac.authorization.k8s.io ${clusterName(what)}: bind`,
    ),
    "cody-operator-quotas": ["configmaps: get list create patch delete"],
    "cody-operator-lease": ["leases.coordination.k8s.io cody-operator: get patch", "leases.coordination.k8s.io: create"],
    "codybatch-recorder": ["configmaps: get create update"],
    "codybatch-viewer": [...read("batchchanges"), ...shown, ...read("changesets")],
    "codybatch-author": [
      "batchchanges.codybatch.dev: get list watch create update patch delete deletecollection",
      ...shown,
      "changesets.codybatch.dev: get list watch update patch",
    ],
    "codybatch-approver": [
      ...read("batchchanges"),
      ...shown.slice(0, 2),
      "batchchanges/publish.codybatch.dev: update",
      ...shown.slice(2),
      "changesets.codybatch.dev: get list watch update patch",
      "changesets/approve.codybatch.dev: update",
    ],
  };

  test.each(["all", "cluster", "namespace"])("of an install of %s are the ones of the table, and none is on Secrets", async (install) => {
    const objects = await render(helm, { install, watchNamespaces: ["team-a"], quotas });
    const roles = objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
    for (const role of roles)
      expect({ [role.metadata.name]: rightsOf(role) }).toEqual({ [role.metadata.name]: expected[role.metadata.name] });
    expect(JSON.stringify(roles)).not.toMatch(/secrets|\*/);
  });
});

const Deployment = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ metadata: z.looseObject({}), spec: z.looseObject({ containers: z.array(z.looseObject({})) }) }),
  }),
});
const Variable = z.strictObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() });

async function environmentOf(values: object, name = "cody-operator"): Promise<Record<string, string>> {
  const deployment = Deployment.parse(one(await render(helm, values), "Deployment", name));
  const variables = z.array(Variable).parse(deployment.spec.template.spec.containers[0]?.["env"]);
  return Object.fromEntries(variables.map(({ name, value }) => [name, value ?? release.namespace]));
}

const inCluster = { KUBERNETES_SERVICE_HOST: "10.96.0.1" };

describe("the operator's configuration", () => {
  test("is by default the operator's own", async () => {
    const config = loadConfig({ ...inCluster, ...(await environmentOf({})) });
    const own = loadConfig({ ...inCluster, POD_NAME: release.namespace });
    const { image, imagePullPolicy } = config.settings.runner;
    expect({ image, imagePullPolicy }).toEqual({ image: required.runner.image, imagePullPolicy: "IfNotPresent" });
    const named = { leaseName: "cody-operator", recorderPolicyBinding: clusterName("codybatch-own-pod") };
    expect(config).toEqual({ ...own, ...named, settings: { ...own.settings, runner: { ...own.settings.runner, image, imagePullPolicy } } });
  });

  test("takes every value, under names that the operator knows", async () => {
    const tolerations = [{ key: "agents", operator: "Exists" }];
    const resources = { recorder: { requests: { cpu: "1m" }, limits: { memory: "1Mi" } } };
    const environment = await environmentOf({
      watchNamespaces: ["team-a", "team-b"],
      imagePullSecrets: ["registry"],
      operator: { ...required.operator, logLevel: "debug", workers: 7, apiRequests: 33, env: { CODYBATCH_RETRY_DELAY_SECONDS: "0.5" } },
      runner: {
        image: "registry.example/runner:1",
        imagePullPolicy: "Always",
        resources,
        volumeSizes: { git: "9Gi" },
        runtimeClassName: "gvisor",
        nodeSelector: { pool: "agents" },
        tolerations,
        env: { CODYBATCH_ACK_SECONDS: "60" },
      },
      anthropic: { baseURL: "https://claude.example/v1" },
      github: { app: true, apiURL: "https://git.example/api/v3" },
      proxy: { http: "http://proxy.example:3128", noProxy: "git.example,.svc" },
      caBundle: { configMap: "company-ca" },
      limits: {
        maxRepositories: 60,
        repositoryPatterns: ["https://git.example/**"],
        models: ["claude-*"],
        toolboxImages: ["node:*"],
        maxCostUSD: 12.5,
        parallelism: 3,
      },
      quotas,
      results: { maxTotalMiB: 512, maxPerChangesetMiB: 8, repositoriesWithoutClaim: 10 },
      jobs: { running: 9, keepFinished: "30s", keepFailed: "2d", keepFailedCount: 5, terminationGrace: "90s" },
      unsafeWithoutAdmissionPolicy: true,
    });
    const known = Object.keys(Environment.shape);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    const config = loadConfig({ ...inCluster, ...environment });
    expect(config).toMatchObject({
      namespace: release.namespace,
      watchNamespaces: ["team-a", "team-b"],
      http: { host: "0.0.0.0", port: 8080 },
      logLevel: "debug",
      workers: 7,
      requests: { connections: 33 },
      unsafeWithoutAdmissionPolicy: true,
      limits: {
        maxRepositories: 60,
        repositoryPatterns: ["https://git.example/**"],
        models: ["claude-*"],
        secretNames: ["anthropic", "github-read", "github-write"],
        toolboxImages: ["node:*"],
        maxCostUSD: 12.5,
        parallelism: 3,
        runningJobs: 9,
        maxTotalMiB: 512,
        maxPerChangesetMiB: 8,
        repositoriesWithoutClaim: 10,
      },
      quotas,
      settings: {
        keepFailedJobs: 5,
        timings: { keepFinished: 30, keepFailed: 172_800, terminationGrace: 90, retryDelay: 0.5 },
        runner: {
          image: "registry.example/runner:1",
          imagePullPolicy: "Always",
          runtimeClassName: "gvisor",
          nodeSelector: { pool: "agents" },
          tolerations,
          imagePullSecrets: ["registry"],
          env: { CODYBATCH_ACK_SECONDS: "60" },
          anthropicBaseURL: "https://claude.example/v1",
          githubApp: true,
          githubApiURL: "https://git.example/api/v3",
          proxy: { http: "http://proxy.example:3128", noProxy: "git.example,.svc" },
          caBundle: { configMap: "company-ca", key: "ca.crt" },
          resources,
          volumeSizes: { git: "9Gi", workspace: "4Gi" },
        },
      },
    });
  });

  test.each([
    ["of github.com", {}, ["https://github.com/*/*"]],
    ["of another host", { github: { host: "github.example:8443" } }, ["https://github.example:8443/*/*"]],
    [
      "that the limits name, whatever the host",
      { github: { host: "github.example" }, limits: { repositoryPatterns: ["https://github.com/acme/*"] } },
      ["https://github.com/acme/*"],
    ],
  ])("allows the repositories %s, at the door too", async (_, values, patterns) => {
    expect(loadConfig({ ...inCluster, ...(await environmentOf(values)) }).limits.repositoryPatterns).toEqual(patterns);
    const door = one(await render(helm, values), "ValidatingAdmissionPolicy", clusterName("codybatch-limits"));
    expect(JSON.stringify(door)).toContain(`none of the allowed patterns \\" + \\"${patterns.join(", ")}`);
  });

  test("takes dollars with decimals from the command line too", async () => {
    const environment = await environmentOf({ limits: { maxCostUSD: "0.25" } });
    expect(loadConfig({ ...inCluster, ...environment }).limits.maxCostUSD).toBe(0.25);
  });
});

describe("the dashboard's configuration", () => {
  const ofDashboard = (values: object): Promise<Record<string, string>> => environmentOf(values, "cody-dashboard");
  const proxy = { peers: ["10.0.0.0/8", "fd00::1"], secretName: "proxy" };

  test("is by default the dashboard's own, with the pages that the image brings and the operator's limits", async () => {
    const config = loadDashboardConfig({ ...inCluster, ...(await ofDashboard({})) });
    const own = loadDashboardConfig(inCluster);
    const { limits } = loadConfig({ ...inCluster, ...(await environmentOf({})) });
    expect(config).toEqual({ ...own, limits, webDirectory: "/app/web" });
    expect(config.auth).toEqual({ mode: "token", audience: "codybatch-dashboard", acceptClusterTokens: true });
  });

  test("takes every value, under names that the dashboard knows", async () => {
    const environment = await ofDashboard({
      watchNamespaces: ["team-a", "team-b"],
      limits: { maxRepositories: 60 },
      dashboard: {
        logLevel: "warn",
        auth: { mode: "proxy", proxy },
        ingress: { enabled: true, host: "cody.example" },
        claims: ["results", "old-results"],
        env: { CODYBATCH_DASHBOARD_SESSION_SECONDS: "600", CODYBATCH_DASHBOARD_LOGINS_PER_MINUTE: "3" },
      },
    });
    const known = [...Object.keys(DashboardEnvironment.shape), "CODYBATCH_VERSION"];
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    expect(loadDashboardConfig({ ...inCluster, ...environment })).toMatchObject({
      watchNamespaces: ["team-a", "team-b"],
      http: { host: "0.0.0.0", port: 8080, metricsPort: 8081 },
      publicURL: "https://cody.example",
      auth: { mode: "proxy", peers: proxy.peers, secretFile: "/proxy/secret" },
      claims: ["results", "old-results"].map((claim) => ({ namespace: release.namespace, claim, directory: `/claims/${claim}` })),
      limits: { maxRepositories: 60 },
      logLevel: "warn",
      perMinute: { logins: 3 },
      times: { session: 600_000 },
    });
  });

  test("mounts the proxy's secret and each claim where it says, for reading", async () => {
    const values = { dashboard: { auth: { mode: "proxy", proxy }, claims: ["results"] } };
    const { spec } = Deployment.parse(one(await render(helm, values), "Deployment", "cody-dashboard")).spec.template;
    expect(spec["volumes"]).toEqual([
      { name: "proxy", secret: { secretName: "proxy", items: [{ key: "secret", path: "secret" }] } },
      { name: "claim-0", persistentVolumeClaim: { claimName: "results", readOnly: true } },
    ]);
    expect(spec.containers[0]?.["volumeMounts"]).toEqual([
      { name: "proxy", mountPath: "/proxy", readOnly: true },
      { name: "claim-0", mountPath: "/claims/results", readOnly: true },
    ]);
  });

  test("without login listens on loopback alone, where only the container itself can probe it", async () => {
    const values = { dashboard: { auth: { mode: "none" } } };
    expect(loadDashboardConfig({ ...inCluster, ...(await ofDashboard(values)) })).toMatchObject({
      http: { host: "127.0.0.1" },
      auth: { mode: "none" },
    });
    const [container] = Deployment.parse(one(await render(helm, values), "Deployment", "cody-dashboard")).spec.template.spec.containers;
    for (const probe of ["livenessProbe", "readinessProbe"]) expect(container?.[probe]).not.toHaveProperty("httpGet");
  });

  test.each([
    ["the Ingress", { dashboard: { ingress: { enabled: true, host: "cody.example" } } }, "https://cody.example"],
    [
      "what is said",
      { dashboard: { ingress: { enabled: true, host: "cody.example" } }, publishing: { dashboardURL: "https://other.example/cody" } },
      "https://other.example/cody",
    ],
    ["nothing without an Ingress", { dashboard: { ingress: { host: "cody.example" } } }, undefined],
    ["nothing without a dashboard", { dashboard: { enabled: false, ingress: { enabled: true, host: "cody.example" } } }, undefined],
  ])("pull requests lead to %s", async (_, values, url) => {
    const { settings } = loadConfig({ ...inCluster, ...(await environmentOf(values)) });
    expect(settings.publishing.dashboardURL || undefined).toBe(url);
  });

  test("may read ConfigMaps in single namespaces only, also for the whole cluster", async () => {
    const objects = await render(helm, { dashboard: { namespaces: ["team-a", "team-b"] } });
    const results = clusterName("codybatch-dashboard-results");
    const bindings = objects.filter(({ kind, metadata }) => kind.endsWith("Binding") && metadata.name === results);
    expect(kindsAndNames(bindings)).toEqual(["team-a", "team-b"].map((namespace) => `RoleBinding ${namespace}/${results}`));
  });
});

describe("wrong values are refused before anything is rendered", () => {
  test.each([
    ["a misspelt value", { limit: { maxRepositories: 7 } }, "additional properties 'limit' not allowed"],
    ["a limit taken out", { limits: { maxRepositories: null } }, "missing property 'maxRepositories'"],
    ["a misspelt limit", { limits: { maxRepos: 7 } }, "additional properties 'maxRepos' not allowed"],
    ["no repository at all", { limits: { maxRepositories: 0 } }, "minimum: got 0, want 1"],
    ["an unknown policy", { limits: { publishPolicies: ["Always"] } }, "at '/limits/publishPolicies/0': value must be one of"],
    ["a duration without unit", { jobs: { keepFinished: "15" } }, "at '/jobs/keepFinished': '15' does not match pattern"],
    ["a secret in the runner's environment", { runner: { env: { ANTHROPIC_API_KEY: "1" } } }, "invalid propertyName 'ANTHROPIC_API_KEY'"],
    ["no container of this name", { runner: { resources: { publisher: {} } } }, "additional properties 'publisher' not allowed"],
    ["a quota without a period", { quotas: [{ namespaces: ["team-*"], maxCostUSD: 50 }] }, "at '/quotas/0': missing property 'period'"],
    ["a quota for a week", { quotas: [{ ...quotas[0], period: "week" }] }, "at '/quotas/0/period': value must be one of 'day', 'month'"],
    ["a quota below nothing", { quotas: [{ ...quotas[0], maxCostUSD: -1 }] }, "at '/quotas/0/maxCostUSD'"],
    ["a URL as host", { github: { host: "https://github.com" } }, "at '/github/host': 'https://github.com' does not match pattern"],
    ["a password in the proxy's URL", { proxy: { http: "http://me:word@proxy.example" } }, "at '/proxy/http'"],
    ["a URL as host of the Ingress", { dashboard: { ingress: { host: "https://cody.example" } } }, "at '/dashboard/ingress/host'"],
    ["an unknown way in", { dashboard: { auth: { mode: "basic" } } }, "at '/dashboard/auth/mode': value must be one of"],
    [
      "a number that the dashboard does not know",
      { dashboard: { env: { CODYBATCH_DASHBOARD_PORT: "1" } } },
      "invalid propertyName 'CODYBATCH_DASHBOARD_PORT'",
    ],
    ["an Ingress without a name", { dashboard: { ingress: { enabled: true } } }, "dashboard.ingress.host: an Ingress needs the name"],
    [
      "an Ingress to what everybody may see",
      { dashboard: { auth: { mode: "none" }, ingress: { enabled: true, host: "cody.example" } } },
      "dashboard.auth.mode: none shows everything to anybody",
    ],
    [
      "a proxy that anybody could be",
      { dashboard: { auth: { mode: "proxy", proxy: { peers: ["10.0.0.0/8"] } } } },
      "dashboard.auth.proxy: proxy needs the addresses",
    ],
    ["no URL", { anthropic: { baseURL: "api.anthropic.com" } }, "at '/anthropic/baseURL'"],
    ["no namespace", { watchNamespaces: ["Team_A"] }, "at '/watchNamespaces/0': 'Team_A' does not match pattern"],
    [
      "a label of the chart's own",
      { extraLabels: { "app.kubernetes.io/name": "mine" } },
      "extraLabels: app.kubernetes.io/name is the chart's own label",
    ],
    ["an unknown part", { install: "some" }, "at '/install': value must be one of 'all', 'cluster', 'namespace'"],
    ["no image", { operator: { image: "" } }, "operator.image: nothing is published; build and push with `npm run images"],
    ["no runner image", { runner: { image: "" } }, "runner.image: nothing is published"],
    ["a namespace install for the whole cluster", { install: "namespace" }, "watchNamespaces: an install of namespaces only"],
    [
      "no cluster to ask for its address",
      { networkPolicy: { apiServer: [] } },
      "networkPolicy.apiServer: the API server cannot be looked up",
    ],
  ])("%s", async (_, values, words) => {
    const { exitCode, stdout, stderr } = await template(helm, { ...required, ...values });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(words);
  });
});

test("extra labels are on every object of the release and on its pods, and select nothing", async () => {
  const extraLabels = { team: "platform", "cost.example/centre": "42" };
  const objects = await render(helm, { extraLabels, watchNamespaces: ["team-a"] });
  const without = objects.filter(
    ({ metadata }) => metadata.labels["team"] !== "platform" || metadata.labels["cost.example/centre"] !== "42",
  );
  expect(kindsAndNames(without)).toEqual(shared);
  for (const name of ["cody-operator", "cody-dashboard"]) {
    const after = one(objects, "Deployment", name);
    expect(Deployment.parse(after).spec.template.metadata["labels"]).toMatchObject(extraLabels);
    expect(selectorOf(after)).toEqual(selectorOf(one(await render(helm), "Deployment", name)));
    expect(JSON.stringify(selectorOf(after))).not.toContain("version");
  }
});

function selectorOf(deployment: Rendered): unknown {
  return Reflect.get(Deployment.parse(deployment).spec, "selector");
}
