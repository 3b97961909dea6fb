import { dirname } from "node:path/posix";
import { claimPath, containerName, type BatchChange, type Task } from "@codybatch/crds";
import type { RunnerSettings, Settings } from "../settings.ts";
import type { JobParts } from "./job.ts";
import { type Mount, pathsOf, restrictedContainer, volumeMountsOf } from "./mount.ts";
import { base, mailbox, toolboxOf } from "./toolbox.ts";
import { caFile } from "./volume.ts";

/** What is particular to a container. */
export interface Role {
  readonly name: "recorder" | "mint" | "clone" | "agent" | Task;
  readonly argument: string;
  readonly mounts: readonly Mount[];
  readonly env: readonly Record<string, unknown>[];
}

export const input: Mount = { volume: "input", path: "/input", variable: "CODYBATCH_INPUT_DIR", readOnly: true };
export const out: Mount = { volume: "out", path: "/out", variable: "CODYBATCH_OUT_DIR" };
export const git: Mount = { volume: "git", path: "/git", variable: "CODYBATCH_GIT_DIR" };
const workspace: Mount = { volume: "workspace", path: "/workspace", variable: "CODYBATCH_WORKSPACE_DIR" };
export const tmp = (role: string): Mount => ({ volume: `tmp-${role}`, path: "/tmp", variable: "CODYBATCH_TMP_DIR" });

/** What an earlier try left: its patch's ConfigMap, or its folder on the claim and no other. */
function resume({ resumeFrom = "" }: JobParts): Mount {
  const path = claimPath(resumeFrom);
  const place = { path: "/resume", variable: "CODYBATCH_RESUME_DIR", readOnly: true };
  return path === undefined ? { ...place, volume: "resume" } : { ...place, volume: "results", subPath: dirname(path) };
}

const ca: Mount = { volume: "ca", path: "/ca", readOnly: true };

/** How a container that leaves the cluster gets out: through the administrator's proxy, trusting the administrator's authorities. */
export function wayOut({ proxy = {}, caBundle }: RunnerSettings): Pick<Role, "mounts" | "env"> {
  const variables = { HTTP_PROXY: proxy.http, HTTPS_PROXY: proxy.https ?? proxy.http, NO_PROXY: proxy.noProxy };
  const proxied = Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  if (caBundle === undefined) return { mounts: [], env: proxied };
  return { mounts: [ca], env: [...proxied, { name: "NODE_EXTRA_CA_CERTS", value: `${ca.path}/${caFile}` }] };
}

/** Tells where the API of the git host is, unless that follows from a repository's URL. */
export function hostAddress({ githubApiURL }: RunnerSettings): readonly { readonly name: string; readonly value: string }[] {
  return githubApiURL === undefined ? [] : [{ name: "GITHUB_API_URL", value: githubApiURL }];
}

/** Fetches the repository; holds the read credential, no key for Claude. */
export function clone(parts: JobParts): Role {
  const { runner } = parts.settings;
  const { mounts, env } = wayOut(runner);
  return {
    name: containerName.clone,
    argument: "clone",
    mounts: [
      input,
      { volume: "github-read", path: "/github-read", variable: "CODYBATCH_GITHUB_READ_DIR", readOnly: true },
      git,
      workspace,
      out,
      tmp("clone"),
      ...(toolboxOf(parts.batch.spec) === undefined ? [] : [base]),
      ...mounts,
    ],
    env: [...hostAddress(runner), ...env],
  };
}

/** Talks to Claude; holds no git credential and no Kubernetes token. */
export function agent(parts: JobParts): Role {
  const { runner } = parts.settings;
  const { anthropicBaseURL } = runner;
  const { mounts, env } = wayOut(runner);
  return {
    name: containerName.agent,
    argument: "agent",
    mounts: [
      input,
      { volume: "prompt", path: "/prompt", variable: "CODYBATCH_PROMPT_DIR", readOnly: true },
      { volume: "anthropic", path: "/anthropic", variable: "CODYBATCH_ANTHROPIC_DIR", readOnly: true },
      git,
      workspace,
      out,
      resume(parts),
      tmp("agent"),
      ...(toolboxOf(parts.batch.spec) === undefined ? [] : [mailbox]),
      ...mounts,
    ],
    env: [...(anthropicBaseURL === undefined ? [] : [{ name: "ANTHROPIC_BASE_URL", value: anthropicBaseURL }]), ...env],
  };
}

/** Stores what the agent does; holds the only Kubernetes token. */
export function recorder({ batch, settings: { runner } }: { readonly batch: BatchChange; readonly settings: Settings }): Role {
  const onClaim = batch.spec.resultStorage.type === "PersistentVolumeClaim";
  const results: Mount = { volume: "results", path: "/results", variable: "CODYBATCH_RESULTS_DIR", subPathExpr: "$(POD_NAME)" };
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return {
    name: containerName.recorder,
    argument: "record",
    mounts: [
      input,
      out,
      { volume: "api-token", path: "/api-token", variable: "CODYBATCH_API_TOKEN_DIR", readOnly: true },
      tmp("recorder"),
      ...(onClaim ? [results] : []),
    ],
    env: [
      field("POD_NAME", "metadata.name"),
      field("POD_NAMESPACE", "metadata.namespace"),
      field("POD_UID", "metadata.uid"),
      ...(runner.apiURL === undefined ? [] : [{ name: "CODYBATCH_API_URL", value: runner.apiURL }]),
    ],
  };
}

/** One container of the pod with our own program: args, mounts, and the variables that tell it their paths. */
export function container({ settings: { runner } }: { readonly settings: Settings }, role: Role) {
  return {
    name: role.name,
    image: runner.image,
    ...(runner.imagePullPolicy && { imagePullPolicy: runner.imagePullPolicy }),
    args: [role.argument],
    env: [
      ...role.env,
      ...pathsOf(role.mounts),
      { name: "CODYBATCH_TERMINATION_DIR", value: "/dev" },
      ...Object.entries(runner.env).map(([name, value]) => ({ name, value })),
    ],
    resources: runner.resources[resourcesOf(role)],
    securityContext: restrictedContainer,
    volumeMounts: volumeMountsOf(role.mounts),
  };
}

/** What mints, publishes, discovers or tracks needs the same amounts. */
function resourcesOf({ name }: Role): "recorder" | "clone" | "agent" | "task" {
  return name === "recorder" || name === "clone" || name === "agent" ? name : "task";
}
