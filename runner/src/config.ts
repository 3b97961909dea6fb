import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { AgentConfig } from "./agent/settings.ts";
import type { CloneConfig, Network } from "./clone/config.ts";
import type { LookConfig } from "./github/look.ts";
import type { MintConfig } from "./mint/config.ts";
import type { PublishConfig } from "./publish/config.ts";
import type { RecorderConfig } from "./record/config.ts";

/** Where programs are looked for; the one thing of our own environment that git may see. */
export const searchPath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment lacks a variable or holds a wrong value; `problems` has one line for each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the environment is not complete: ${problems.join("; ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const directory = z.string({ error: "must name a folder" }).min(1, "must name a folder");
const text = z.string({ error: "must be set" }).min(1, "must not be empty");
const url = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" });
const apiURL = url.transform((address) => address.replace(/\/+$/, ""));

function seconds(fallback: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number({ error: "must be a number of seconds" }).min(0, "must be a number of seconds").max(86_400).default(fallback);
}

function count(fallback: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number({ error: "must be a whole number" }).int("must be a whole number").min(1).default(fallback);
}

/** How a command that leaves the cluster gets out. */
const networkVariables = {
  HTTPS_PROXY: url.optional(),
  HTTP_PROXY: url.optional(),
  NO_PROXY: z.string().optional(),
  /** Node reads it itself, before anything here runs. */
  NODE_EXTRA_CA_CERTS: text.optional(),
};
const NetworkEnvironment = z.object(networkVariables);

function networkOf(env: z.infer<typeof NetworkEnvironment>): Network {
  return { httpsProxy: env.HTTPS_PROXY, httpProxy: env.HTTP_PROXY, noProxy: env.NO_PROXY, caFile: env.NODE_EXTRA_CA_CERTS };
}

const CloneEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_GITHUB_READ_DIR: directory,
  CODYBATCH_GIT_DIR: directory,
  CODYBATCH_WORKSPACE_DIR: directory,
  CODYBATCH_OUT_DIR: directory,
  CODYBATCH_TMP_DIR: directory,
  CODYBATCH_BASE_DIR: directory.optional(),
  CODYBATCH_CLONE_SECONDS: seconds(600),
  CODYBATCH_CLONE_RETRY_SECONDS: seconds(2),
  CODYBATCH_CLONE_CHECKS_SECONDS: seconds(120),
  GITHUB_API_URL: apiURL.optional(),
  CODYBATCH_CLONE_MAX_MIB: count(4096),
  CODYBATCH_CLONE_MAX_FILES: count(250_000),
  ...networkVariables,
});

/** Beside the sources, and beside the bundle that is made of them. */
const toolboxScript = fileURLToPath(new URL("toolbox/toolbox.sh", import.meta.url));

/** Settings of clone. Throws {@link ConfigError}. */
export function cloneConfig(environment: Environment): CloneConfig {
  const env = parse(CloneEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    githubReadDir: env.CODYBATCH_GITHUB_READ_DIR,
    gitDir: env.CODYBATCH_GIT_DIR,
    workspaceDir: env.CODYBATCH_WORKSPACE_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    tmpDir: env.CODYBATCH_TMP_DIR,
    baseDir: env.CODYBATCH_BASE_DIR,
    toolboxScript,
    timeoutSeconds: env.CODYBATCH_CLONE_SECONDS,
    retrySeconds: env.CODYBATCH_CLONE_RETRY_SECONDS,
    checksSeconds: env.CODYBATCH_CLONE_CHECKS_SECONDS,
    githubApiURL: env.GITHUB_API_URL,
    maxBytes: env.CODYBATCH_CLONE_MAX_MIB * 1024 * 1024,
    maxFiles: env.CODYBATCH_CLONE_MAX_FILES,
    network: networkOf(env),
  };
}

const MintEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_GITHUB_APP_DIR: directory,
  CODYBATCH_GITHUB_TOKEN_DIR: directory,
  CODYBATCH_OUT_DIR: directory,
  GITHUB_API_URL: apiURL.optional(),
  CODYBATCH_MINT_SECONDS: seconds(120),
  CODYBATCH_MINT_RETRY_SECONDS: seconds(2),
  CODYBATCH_MINT_LIMIT_SECONDS: seconds(60),
  ...networkVariables,
});

/** Settings of mint. Throws {@link ConfigError}. */
export function mintConfig(environment: Environment): MintConfig {
  const env = parse(MintEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    appDir: env.CODYBATCH_GITHUB_APP_DIR,
    tokenDir: env.CODYBATCH_GITHUB_TOKEN_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    githubApiURL: env.GITHUB_API_URL,
    timeoutSeconds: env.CODYBATCH_MINT_SECONDS,
    retrySeconds: env.CODYBATCH_MINT_RETRY_SECONDS,
    limitSeconds: env.CODYBATCH_MINT_LIMIT_SECONDS,
    network: networkOf(env),
  };
}

const AgentEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_PROMPT_DIR: directory,
  CODYBATCH_ANTHROPIC_DIR: directory,
  CODYBATCH_GIT_DIR: directory,
  CODYBATCH_WORKSPACE_DIR: directory,
  CODYBATCH_OUT_DIR: directory,
  CODYBATCH_RESUME_DIR: directory,
  CODYBATCH_TMP_DIR: directory,
  CODYBATCH_MAILBOX_DIR: directory.optional(),
  CODYBATCH_TOOLBOX_SECONDS: seconds(300),
  CODYBATCH_TERMINATION_DIR: directory.default("/dev"),
  CODYBATCH_RIPGREP: text.default("rg"),
  CODYBATCH_IDLE_SECONDS: seconds(120),
  CODYBATCH_RETRY_SECONDS: seconds(2),
  CODYBATCH_ACK_SECONDS: seconds(600),
  ANTHROPIC_BASE_URL: url.optional(),
  ...networkVariables,
});

/** Settings of the agent. Throws {@link ConfigError}. */
export function agentConfig(environment: Environment): AgentConfig {
  const env = parse(AgentEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    promptDir: env.CODYBATCH_PROMPT_DIR,
    anthropicDir: env.CODYBATCH_ANTHROPIC_DIR,
    gitDir: env.CODYBATCH_GIT_DIR,
    workspaceDir: env.CODYBATCH_WORKSPACE_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    resumeDir: env.CODYBATCH_RESUME_DIR,
    tmpDir: env.CODYBATCH_TMP_DIR,
    mailboxDir: env.CODYBATCH_MAILBOX_DIR,
    toolboxSeconds: env.CODYBATCH_TOOLBOX_SECONDS,
    terminationDir: env.CODYBATCH_TERMINATION_DIR,
    anthropicBaseURL: env.ANTHROPIC_BASE_URL,
    ripgrep: env.CODYBATCH_RIPGREP,
    idleSeconds: env.CODYBATCH_IDLE_SECONDS,
    retrySeconds: env.CODYBATCH_RETRY_SECONDS,
    ackSeconds: env.CODYBATCH_ACK_SECONDS,
    network: networkOf(env),
  };
}

const PublishEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_PATCH_DIR: directory,
  CODYBATCH_GITHUB_WRITE_DIR: directory,
  CODYBATCH_SIGNING_DIR: directory.optional(),
  CODYBATCH_OUT_DIR: directory,
  CODYBATCH_TMP_DIR: directory,
  CODYBATCH_GIT_DIR: directory,
  GITHUB_API_URL: apiURL.optional(),
  CODYBATCH_PUBLISH_SECONDS: seconds(600),
  CODYBATCH_PUBLISH_RETRY_SECONDS: seconds(2),
  CODYBATCH_PUBLISH_LIMIT_SECONDS: seconds(60),
  CODYBATCH_ACK_SECONDS: seconds(600),
  CODYBATCH_CLONE_MAX_MIB: count(4096),
  ...networkVariables,
});

/** Settings of publish. Throws {@link ConfigError}. */
export function publishConfig(environment: Environment): PublishConfig {
  const env = parse(PublishEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    patchDir: env.CODYBATCH_PATCH_DIR,
    githubWriteDir: env.CODYBATCH_GITHUB_WRITE_DIR,
    signingDir: env.CODYBATCH_SIGNING_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    tmpDir: env.CODYBATCH_TMP_DIR,
    gitDir: env.CODYBATCH_GIT_DIR,
    githubApiURL: env.GITHUB_API_URL,
    timeoutSeconds: env.CODYBATCH_PUBLISH_SECONDS,
    retrySeconds: env.CODYBATCH_PUBLISH_RETRY_SECONDS,
    limitSeconds: env.CODYBATCH_PUBLISH_LIMIT_SECONDS,
    ackSeconds: env.CODYBATCH_ACK_SECONDS,
    maxBytes: env.CODYBATCH_CLONE_MAX_MIB * 1024 * 1024,
    network: networkOf(env),
  };
}

const LookEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_GITHUB_READ_DIR: directory,
  CODYBATCH_OUT_DIR: directory,
  GITHUB_API_URL: apiURL.optional(),
  CODYBATCH_LOOK_SECONDS: seconds(600),
  CODYBATCH_LOOK_RETRY_SECONDS: seconds(2),
  /** GitHub's limits of search renew each minute. */
  CODYBATCH_LOOK_LIMIT_SECONDS: seconds(90),
  CODYBATCH_LOOK_AGAIN_SECONDS: seconds(5),
  CODYBATCH_ACK_SECONDS: seconds(600),
  ...networkVariables,
});

/** Settings of discover and of track. Throws {@link ConfigError}. */
export function lookConfig(environment: Environment): LookConfig {
  const env = parse(LookEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    githubReadDir: env.CODYBATCH_GITHUB_READ_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    githubApiURL: env.GITHUB_API_URL,
    timeoutSeconds: env.CODYBATCH_LOOK_SECONDS,
    retrySeconds: env.CODYBATCH_LOOK_RETRY_SECONDS,
    limitSeconds: env.CODYBATCH_LOOK_LIMIT_SECONDS,
    againSeconds: env.CODYBATCH_LOOK_AGAIN_SECONDS,
    ackSeconds: env.CODYBATCH_ACK_SECONDS,
    network: networkOf(env),
  };
}

const RecorderEnvironment = z.object({
  CODYBATCH_INPUT_DIR: directory,
  CODYBATCH_OUT_DIR: directory,
  CODYBATCH_API_TOKEN_DIR: directory,
  CODYBATCH_RESULTS_DIR: directory.optional(),
  CODYBATCH_TMP_DIR: directory,
  CODYBATCH_TERMINATION_DIR: directory.default("/dev"),
  POD_NAME: text,
  POD_NAMESPACE: text,
  POD_UID: text,
  CODYBATCH_API_URL: url.optional(),
  KUBERNETES_SERVICE_HOST: text.optional(),
  KUBERNETES_SERVICE_PORT: text.default("443"),
  CODYBATCH_POLL_SECONDS: seconds(1),
  CODYBATCH_LIVE_SECONDS: seconds(10),
  CODYBATCH_AGENT_LOST_SECONDS: seconds(30),
  CODYBATCH_RECORDER_GRACE_SECONDS: seconds(90),
  CODYBATCH_API_TIMEOUT_SECONDS: seconds(30),
  CODYBATCH_API_RETRY_SECONDS: seconds(1),
});

/** Settings of the recorder. Throws {@link ConfigError}. */
export function recorderConfig(environment: Environment): RecorderConfig {
  const env = parse(RecorderEnvironment, environment);
  return {
    inputDir: env.CODYBATCH_INPUT_DIR,
    outDir: env.CODYBATCH_OUT_DIR,
    apiTokenDir: env.CODYBATCH_API_TOKEN_DIR,
    resultsDir: env.CODYBATCH_RESULTS_DIR,
    tmpDir: env.CODYBATCH_TMP_DIR,
    terminationDir: env.CODYBATCH_TERMINATION_DIR,
    pod: { name: env.POD_NAME, namespace: env.POD_NAMESPACE, uid: env.POD_UID },
    apiURL: env.CODYBATCH_API_URL ?? inClusterURL(env.KUBERNETES_SERVICE_HOST, env.KUBERNETES_SERVICE_PORT),
    pollSeconds: env.CODYBATCH_POLL_SECONDS,
    liveSeconds: env.CODYBATCH_LIVE_SECONDS,
    agentLostSeconds: env.CODYBATCH_AGENT_LOST_SECONDS,
    graceSeconds: env.CODYBATCH_RECORDER_GRACE_SECONDS,
    apiTimeoutSeconds: env.CODYBATCH_API_TIMEOUT_SECONDS,
    apiRetrySeconds: env.CODYBATCH_API_RETRY_SECONDS,
  };
}

function inClusterURL(host: string | undefined, port: string): string {
  if (host === undefined) throw new ConfigError(["CODYBATCH_API_URL: must be set outside a cluster"]);
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function parse<T extends z.ZodType>(schema: T, environment: Environment): z.output<T> {
  const { success, data, error } = schema.safeParse(environment);
  if (success) return data;
  throw new ConfigError(error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
}
