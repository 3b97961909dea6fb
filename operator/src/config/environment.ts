import { z } from "zod";
import { Limits } from "../reconcile/limits.ts";
import { Quotas } from "../reconcile/quota/quota.ts";
import { defaultRunner, defaultSettings, defaultTimings } from "../reconcile/settings.ts";
import {
  caBundle,
  commaList,
  containerResources,
  flag,
  image,
  json,
  namespace,
  objectName,
  plainURL,
  proxy,
  publishing,
  runnerEnvironment,
  seconds,
  volumeSizes,
  webURL,
  wholeNumber,
} from "./form.ts";

const timing = (fallback: number) => seconds.default(fallback).meta({ remedy: `set seconds, or leave it out for ${fallback}` });

/** Every variable that the operator knows. `remedy` is what a refusal advises. */
export const Environment = z.object({
  CODYBATCH_API_URL: plainURL.optional().meta({ remedy: "it is for local mode only; for a cluster set KUBECONFIG instead" }),
  KUBECONFIG: z
    .string()
    .regex(/^[^:]+$/, "must be one file")
    .optional()
    .meta({ remedy: "set the path of one kubeconfig file" }),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  KUBERNETES_SERVICE_PORT: z.string().default("443"),
  POD_NAME: z.string().default("operator"),
  CODYBATCH_NAMESPACE: namespace
    .default("codybatch-system")
    .meta({ remedy: "set the operator's own namespace, or leave it out for codybatch-system" }),
  CODYBATCH_WATCH_NAMESPACES: commaList(namespace)
    .default([])
    .meta({ remedy: "set names with commas between, such as team-a,team-b, or leave it out for all namespaces" }),
  CODYBATCH_LEASE_NAME: objectName
    .default("codybatch-operator")
    .meta({ remedy: "set a name of its own for each operator of a namespace, or leave it out for codybatch-operator" }),
  CODYBATCH_HTTP_HOST: z
    .string()
    .regex(/^[0-9a-fA-F.:]+$/, "must be an IP address")
    .optional()
    .meta({ remedy: "set an address to listen on, such as 0.0.0.0" }),
  CODYBATCH_HTTP_PORT: wholeNumber(0, 65_535).default(8080).meta({ remedy: "set a port, 0 for any free one, or leave it out for 8080" }),
  CODYBATCH_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal"], "must be trace, debug, info, warn, error or fatal")
    .default("info")
    .meta({ remedy: "leave it out for info" }),
  CODYBATCH_LIMITS: json(Limits)
    .prefault("{}")
    .meta({ remedy: `set a JSON object with any of ${Object.keys(Limits.shape).join(", ")}` }),
  CODYBATCH_QUOTAS: json(Quotas)
    .prefault("[]")
    .meta({ remedy: 'set a JSON list such as [{"namespaces": ["team-*"], "period": "day", "maxCostUSD": 50}], or leave it out for none' }),
  CODYBATCH_UNSAFE_WITHOUT_ADMISSION_POLICY: flag
    .default(false)
    .meta({ remedy: "set true only where the recorder's policy cannot be installed" }),
  CODYBATCH_RECORDER_POLICY_BINDING: objectName
    .optional()
    .meta({ remedy: "set the ValidatingAdmissionPolicyBinding of codybatch-own-pod, or leave it out to look for the policy only" }),
  CODYBATCH_WORKERS: wholeNumber(1, 100).default(4).meta({ remedy: "set how many batches are worked on at once, or leave it out for 4" }),
  CODYBATCH_REQUESTS: wholeNumber(1, 500)
    .default(20)
    .meta({ remedy: "set how many requests to the API server run at once, or leave it out for 20" }),

  CODYBATCH_RUNNER_IMAGE: image.default(defaultRunner.image).meta({ remedy: "set the image of the runner's containers" }),
  CODYBATCH_RUNNER_IMAGE_PULL_POLICY: z
    .enum(["Always", "IfNotPresent", "Never"], "must be Always, IfNotPresent or Never")
    .optional()
    .meta({ remedy: "leave it out for Kubernetes' own choice" }),
  CODYBATCH_RUNNER_API_URL: webURL.optional().meta({ remedy: "set the API server as pods reach it, or leave it out in a cluster" }),
  CODYBATCH_RUNNER_ENV: json(runnerEnvironment)
    .prefault("{}")
    .meta({ remedy: 'set a JSON object such as {"CODYBATCH_ACK_SECONDS": "60"}' }),
  CODYBATCH_RUNNER_RESOURCES: json(containerResources)
    .prefault("{}")
    .meta({ remedy: 'set a JSON object such as {"agent": {"requests": {"cpu": "200m"}, "limits": {"memory": "2Gi"}}}' }),
  CODYBATCH_RUNNER_VOLUME_SIZES: json(volumeSizes).prefault("{}").meta({ remedy: 'set a JSON object such as {"git": "4Gi"}' }),
  CODYBATCH_TOKEN_SECONDS: wholeNumber(600, 86_400)
    .default(defaultRunner.tokenSeconds)
    .meta({ remedy: `set the life of the recorder's token, or leave it out for ${defaultRunner.tokenSeconds}` }),
  CODYBATCH_RUNNER_NODE_SELECTOR: json(z.record(z.string(), z.string()))
    .optional()
    .meta({ remedy: 'set a JSON object such as {"pool": "agents"}' }),
  CODYBATCH_RUNNER_TOLERATIONS: json(z.array(z.record(z.string(), z.unknown())))
    .optional()
    .meta({ remedy: 'set a JSON list such as [{"key": "agents", "operator": "Exists"}]' }),
  CODYBATCH_RUNNER_IMAGE_PULL_SECRETS: commaList(z.string().min(1, "must be a Secret's name"))
    .optional()
    .meta({ remedy: "set names of Secrets with commas between" }),
  CODYBATCH_RUNNER_RUNTIME_CLASS: z.string().optional(),
  CODYBATCH_RUNNER_PROXY: json(proxy)
    .optional()
    .meta({ remedy: 'set a JSON object such as {"http": "http://proxy.example:3128", "noProxy": "git.example"}' }),
  CODYBATCH_RUNNER_CA_BUNDLE: json(caBundle)
    .optional()
    .meta({ remedy: 'set a JSON object such as {"configMap": "company-ca", "key": "ca.crt"}' }),
  CODYBATCH_GITHUB_APP: flag
    .default(false)
    .meta({ remedy: "set true where Secrets for GitHub may hold an App, or leave it out where they hold tokens" }),
  CODYBATCH_PUBLISHING: json(publishing)
    .prefault("{}")
    .meta({ remedy: 'set a JSON object such as {"perMinute": 5, "contentPerHour": 400, "running": 20}' }),
  GITHUB_API_URL: webURL
    .optional()
    .meta({ remedy: "set where the git host's API is, or leave it out where it follows from the repositories' URLs" }),
  ANTHROPIC_BASE_URL: webURL.optional().meta({ remedy: "set where Claude is reached, or leave it out for the real API" }),

  CODYBATCH_KEEP_FAILED_JOBS: wholeNumber(0, 10_000)
    .default(defaultSettings.keepFailedJobs)
    .meta({ remedy: `set how many failed Jobs a namespace keeps, or leave it out for ${defaultSettings.keepFailedJobs}` }),
  CODYBATCH_BACKSTOP_SECONDS: timing(defaultTimings.backstop),
  CODYBATCH_TERMINATION_GRACE_SECONDS: timing(defaultTimings.terminationGrace),
  CODYBATCH_RESULT_WAIT_SECONDS: timing(defaultTimings.resultWait),
  CODYBATCH_NODE_LOST_SECONDS: timing(defaultTimings.nodeLost),
  CODYBATCH_DELETING_SLACK_SECONDS: timing(defaultTimings.deletingSlack),
  CODYBATCH_KEEP_FINISHED_SECONDS: timing(defaultTimings.keepFinished),
  CODYBATCH_KEEP_FAILED_SECONDS: timing(defaultTimings.keepFailed),
  CODYBATCH_POLL_SECONDS: timing(defaultTimings.poll),
  CODYBATCH_TOOLBOX_START_SECONDS: timing(defaultTimings.toolboxStart),
  CODYBATCH_TASK_SECONDS: timing(defaultTimings.task),
  CODYBATCH_RETRY_DELAY_SECONDS: timing(defaultTimings.retryDelay),
  CODYBATCH_PUBLISH_RETRY_SECONDS: timing(defaultTimings.publishRetry),
  CODYBATCH_PUBLISH_RETRY_MOST_SECONDS: timing(defaultTimings.publishRetryMost),
  CODYBATCH_PUBLISH_GIVE_UP_SECONDS: timing(defaultTimings.publishGiveUp),
  CODYBATCH_TRACK_SECONDS: timing(defaultTimings.track),

  CODYBATCH_STATUS_INTERVAL_SECONDS: timing(1),
  CODYBATCH_REQUEST_TIMEOUT_SECONDS: timing(30),
  CODYBATCH_EXPECTATION_SECONDS: timing(60),
  CODYBATCH_WATCH_SILENCE_SECONDS: timing(150),
  CODYBATCH_RELIST_SECONDS: timing(600),
  CODYBATCH_HEALTH_SILENCE_SECONDS: timing(900),
  CODYBATCH_LEASE_SECONDS: timing(15),
  CODYBATCH_LEASE_RENEW_SECONDS: timing(10),
  CODYBATCH_LEASE_RETRY_SECONDS: timing(2),
});
export type Environment = z.infer<typeof Environment>;
