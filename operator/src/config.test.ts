import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";

const local = { CODYBATCH_API_URL: "http://127.0.0.1:8001" };

function problemsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("where the API server is", () => {
  it.each([
    ["local mode's URL before all", { ...local, KUBECONFIG: "/home/me/config", KUBERNETES_SERVICE_HOST: "10.96.0.1" }, "url"],
    ["a kubeconfig before the pod's own", { KUBECONFIG: "/home/me/config", KUBERNETES_SERVICE_HOST: "10.96.0.1" }, "kubeconfig"],
    ["the pod's own", { KUBERNETES_SERVICE_HOST: "10.96.0.1" }, "in-cluster"],
  ])("is %s", (_, variables, kind) => {
    expect(loadConfig(variables).server.kind).toBe(kind);
  });

  it("must be known", () => {
    expect(problemsOf({})).toEqual([
      "no API server: set KUBECONFIG to a file (or CODYBATCH_API_URL for local mode); in a pod nothing need be set",
    ]);
  });

  it("decides who may reach health and metrics: the cluster's probes, or this machine only", () => {
    expect(loadConfig({ KUBERNETES_SERVICE_HOST: "10.96.0.1" }).http.host).toBe("0.0.0.0");
    expect(loadConfig(local).http.host).toBe("127.0.0.1");
  });
});

describe("values", () => {
  it("has the documented defaults", () => {
    const config = loadConfig(local);
    expect(config).toMatchObject({
      namespace: "codybatch-system",
      watchNamespaces: [],
      leaseName: "codybatch-operator",
      http: { port: 8080 },
      lease: { duration: 15_000, renewDeadline: 10_000, retry: 2000 },
      reflector: { silence: 150_000, relist: 600_000 },
      limits: { maxRepositories: 5, repositoryPatterns: ["https://github.com/*/*"], maxTotalMiB: 256, maxPerChangesetMiB: 4 },
      quotas: [],
      settings: { keepFailedJobs: 20, timings: { keepFinished: 900, keepFailed: 86_400, nodeLost: 600, resultWait: 120 } },
      unsafeWithoutAdmissionPolicy: false,
    });
    expect(Object.keys(config.settings.runner)).toEqual(["image", "env", "resources", "volumeSizes", "tokenSeconds", "githubApp"]);
    expect(config.settings.runner.tokenSeconds).toBe(3600);
  });

  it("takes what is set, and an empty variable as absent", () => {
    const config = loadConfig({
      ...local,
      CODYBATCH_NAMESPACE: "",
      CODYBATCH_WATCH_NAMESPACES: "team-a, team-b",
      CODYBATCH_LIMITS: '{"maxRepositories": 50, "models": ["claude-*"]}',
      CODYBATCH_RUNNER_ENV: '{"CODYBATCH_ACK_SECONDS": "2"}',
      CODYBATCH_RUNNER_RESOURCES: '{"agent": {"requests": {"cpu": "1"}, "limits": {"memory": "4Gi"}}}',
      CODYBATCH_RUNNER_NODE_SELECTOR: '{"pool": "agents"}',
      CODYBATCH_RUNNER_PROXY: '{"http": "", "https": "http://proxy.example:3128"}',
      CODYBATCH_TOKEN_SECONDS: "600",
      CODYBATCH_GITHUB_APP: "true",
      CODYBATCH_RESULT_WAIT_SECONDS: "0.5",
      CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: "true",
      ANTHROPIC_BASE_URL: "http://127.0.0.1:9000",
    });
    expect(config).toMatchObject({
      namespace: "codybatch-system",
      watchNamespaces: ["team-a", "team-b"],
      limits: { maxRepositories: 50, models: ["claude-*"], parallelism: 100 },
      unsafeWithoutAdmissionPolicy: true,
      settings: { timings: { resultWait: 0.5 }, runner: { nodeSelector: { pool: "agents" }, anthropicBaseURL: "http://127.0.0.1:9000" } },
    });
    expect(config.settings.runner.proxy).toEqual({ https: "http://proxy.example:3128" });
    expect(config.settings.runner).toMatchObject({ env: { CODYBATCH_ACK_SECONDS: "2" }, tokenSeconds: 600, githubApp: true });
    expect(config.settings.runner.resources.agent.requests).toEqual({ cpu: "1" });
    expect(config.settings.runner.resources.clone.limits).toEqual({ memory: "1Gi" });
  });

  it("cannot be changed afterwards, in no depth", () => {
    const { limits } = loadConfig(local);
    expect(() => limits.repositoryPatterns.push("**")).toThrow(TypeError);
  });
});

describe("wrong values are met with the variable, the rule and the remedy", () => {
  it.each([
    [
      "CODYBATCH_API_URL",
      "https://10.0.0.1",
      "must be http://host:port without user, path or query; it is for local mode only; for a cluster set KUBECONFIG instead",
    ],
    ["CODYBATCH_API_URL", "http://me:word@10.0.0.1", "must be http://host:port without user"],
    ["KUBECONFIG", "/a:/b", "must be one file; set the path of one kubeconfig file"],
    ["CODYBATCH_NAMESPACE", "Team_A", "must be a namespace's name: lower case letters, digits and -; set the operator's own namespace"],
    ["CODYBATCH_WATCH_NAMESPACES", "team-a,,team-b", "must be a namespace's name"],
    ["CODYBATCH_LEASE_NAME", "My Lease", "must be a Kubernetes name: lower case letters, digits, - and .; set a name of its own"],
    ["CODYBATCH_RECORDER_POLICY_BINDING", "-", "must be a Kubernetes name"],
    ["CODYBATCH_HTTP_HOST", "localhost", "must be an IP address; set an address to listen on, such as 0.0.0.0"],
    ["CODYBATCH_HTTP_PORT", "http", "must be a whole number from 0 to 65535; set a port, 0 for any free one"],
    ["CODYBATCH_HTTP_PORT", "70000", "must be a whole number from 0 to 65535"],
    ["CODYBATCH_LOG_LEVEL", "loud", "must be trace, debug, info, warn, error or fatal; leave it out for info"],
    ["CODYBATCH_LIMITS", "{maxRepositories: 5}", "must be JSON; set a JSON object with any of maxRepositories,"],
    ["CODYBATCH_LIMITS", '{"maxRepositories": 0}', "at maxRepositories: Too small"],
    ["CODYBATCH_LIMITS", '{"maxRepos": 10}', 'Unrecognized key: "maxRepos"; set a JSON object with any of maxRepositories'],
    ["CODYBATCH_LIMITS", '{"publishPolicies": ["Always"]}', "at publishPolicies.0: Invalid option"],
    [
      "CODYBATCH_QUOTAS",
      '[{"namespaces": ["a"], "period": "week", "maxCostUSD": 1}]',
      "at 0.period: must be day or month; set a JSON list such as",
    ],
    [
      "CODYBATCH_QUOTAS",
      '[{"namespaces": ["a"], "period": "day", "maxCostUSD": 2.5}]',
      'at 0.maxCostUSD: must be dollars such as 50 or "2.50"',
    ],
    ["CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY", "yes", "must be true or false; set true only where"],
    ["CODYBATCH_WORKERS", "0", "must be a whole number from 1 to 100; set how many batches"],
    ["CODYBATCH_REQUESTS", "many", "must be a whole number from 1 to 500"],
    ["CODYBATCH_RUNNER_IMAGE", "my image", "must be an image reference without spaces"],
    ["CODYBATCH_RUNNER_IMAGE_PULL_POLICY", "Sometimes", "must be Always, IfNotPresent or Never"],
    ["CODYBATCH_RUNNER_ENV", '{"ANTHROPIC_API_KEY": "1"}', "names must look like CODYBATCH_…_SECONDS"],
    ["CODYBATCH_RUNNER_ENV", '{"CODYBATCH_ACK_SECONDS": "soon"}', 'at CODYBATCH_ACK_SECONDS: values must be seconds as text, such as "30"'],
    [
      "CODYBATCH_RUNNER_RESOURCES",
      '{"agent": {"requests": {"cpu": "lots"}, "limits": {}}}',
      'at agent.requests.cpu: must be an amount such as "500m" or "1Gi"',
    ],
    ["CODYBATCH_RUNNER_VOLUME_SIZES", '{"git": "big"}', 'at git: must be a size such as "4Gi"'],
    [
      "CODYBATCH_TOKEN_SECONDS",
      "599",
      "must be a whole number from 600 to 86400; set the life of the recorder's token, or leave it out for 3600",
    ],
    ["CODYBATCH_RUNNER_TOLERATIONS", "{}", "set a JSON list such as"],
    ["CODYBATCH_RUNNER_PROXY", '{"http": "http://me:word@proxy.example"}', "set a JSON object such as"],
    ["CODYBATCH_RUNNER_CA_BUNDLE", '{"configMap": "company-ca"}', "at key: "],
    ["ANTHROPIC_BASE_URL", "api.anthropic.com", "must be http://… or https://…"],
    ["CODYBATCH_RESULT_WAIT_SECONDS", "2m", "must be seconds, a number such as 30 or 0.5; set seconds, or leave it out for 120"],
    ["CODYBATCH_RESULT_WAIT_SECONDS", "0", "must be more than 0 and at most a year of seconds"],
    ["CODYBATCH_LEASE_RENEW_SECONDS", "20", "must be less than CODYBATCH_LEASE_SECONDS, or two operators could act at once; lower it"],
    ["CODYBATCH_LEASE_RETRY_SECONDS", "9", "1.2 times it must be less than CODYBATCH_LEASE_RENEW_SECONDS"],
    ["CODYBATCH_HEALTH_SILENCE_SECONDS", "100", "must be more than CODYBATCH_WATCH_SILENCE_SECONDS"],
  ])("%s=%s", (variable, value, words) => {
    const problems = problemsOf({ ...local, [variable]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${variable}`));
    expect(problems[0]).toContain(words);
  });

  it("names all of them at once, a line each", () => {
    expect(problemsOf({ ...local, CODYBATCH_HTTP_PORT: "x", CODYBATCH_WORKERS: "y" })).toHaveLength(2);
    expect(() => loadConfig({ ...local, CODYBATCH_HTTP_PORT: "x", CODYBATCH_WORKERS: "y" })).toThrow(/PORT.*\n.*WORKERS/);
  });
});
