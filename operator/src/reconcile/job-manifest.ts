import {
  annotation,
  apiVersion,
  containerName,
  durationSeconds,
  label,
  type BatchChange,
  type Changeset,
  type RunInput,
} from "@codybatch/crds";
import type { RunnerSettings, Settings } from "./settings.ts";

/** Everything that a change Job is made of. */
export interface JobParts {
  readonly name: string;
  readonly batch: BatchChange;
  readonly changeset: Changeset;
  readonly input: RunInput;
  readonly promptName: string;
  readonly inputsHash: string;
  readonly reservedNanoUSD: number;
  /** ConfigMap with the patch that the try goes on from. */
  readonly resumeFrom: string | undefined;
  readonly settings: Settings;
}

export type JobManifest = ReturnType<typeof jobManifest>;

export const recorderServiceAccount = "codybatch-recorder";

/** The Job of one try, as CONTRACT of operator, runner and process runner: args, mounts and environment of each container. */
export function jobManifest(parts: JobParts) {
  const { changeset, settings } = parts;
  const { timings } = settings;
  const labels = labelsOf(parts);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: parts.name,
      namespace: changeset.metadata.namespace,
      labels,
      annotations: { [annotation.reservedNanoUSD]: String(parts.reservedNanoUSD), [annotation.inputsHash]: parts.inputsHash },
      ownerReferences: [
        {
          apiVersion,
          kind: "Changeset",
          name: changeset.metadata.name,
          uid: changeset.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      completions: 1,
      parallelism: 1,
      template: {
        metadata: { labels, annotations: { [annotation.input]: JSON.stringify(parts.input) } },
        spec: {
          restartPolicy: "Never",
          activeDeadlineSeconds: durationSeconds(parts.input.agent.timeout) + timings.backstop,
          terminationGracePeriodSeconds: timings.terminationGrace,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          serviceAccountName: recorderServiceAccount,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          ...placement(settings.runner),
          initContainers: [{ ...container(parts, recorder(parts)), restartPolicy: "Always" }, container(parts, clone)],
          containers: [container(parts, agent(parts))],
          volumes: volumesOf(parts),
        },
      },
    },
  };
}

function labelsOf({ batch, changeset }: JobParts): Record<string, string> {
  return {
    [label.batchChange]: batch.metadata.name,
    [label.changeset]: changeset.metadata.name,
    [label.role]: "change",
    "app.kubernetes.io/name": "cody-batch",
    "app.kubernetes.io/component": "runner",
    "app.kubernetes.io/managed-by": "cody-batch",
  };
}

function placement(runner: RunnerSettings): Record<string, unknown> {
  return {
    ...(runner.nodeSelector && { nodeSelector: runner.nodeSelector }),
    ...(runner.tolerations && { tolerations: runner.tolerations }),
    ...(runner.imagePullSecrets && { imagePullSecrets: runner.imagePullSecrets.map((name) => ({ name })) }),
    ...(runner.runtimeClassName !== undefined && { runtimeClassName: runner.runtimeClassName }),
  };
}

interface Mount {
  readonly volume: string;
  readonly path: string;
  /** Variable that tells the process the path. */
  readonly variable: string;
  readonly readOnly?: boolean;
  readonly subPathExpr?: string;
}

interface Role {
  readonly name: "recorder" | "clone" | "agent";
  readonly argument: string;
  readonly mounts: readonly Mount[];
  readonly env: readonly Record<string, unknown>[];
}

const input: Mount = { volume: "input", path: "/input", variable: "CODYBATCH_INPUT_DIR", readOnly: true };
const out: Mount = { volume: "out", path: "/out", variable: "CODYBATCH_OUT_DIR" };
const git: Mount = { volume: "git", path: "/git", variable: "CODYBATCH_GIT_DIR" };
const workspace: Mount = { volume: "workspace", path: "/workspace", variable: "CODYBATCH_WORKSPACE_DIR" };
const resume: Mount = { volume: "resume", path: "/resume", variable: "CODYBATCH_RESUME_DIR", readOnly: true };
const tmp = (role: string): Mount => ({ volume: `tmp-${role}`, path: "/tmp", variable: "CODYBATCH_TMP_DIR" });

const clone: Role = {
  name: containerName.clone,
  argument: "clone",
  mounts: [
    input,
    { volume: "github-read", path: "/github-read", variable: "CODYBATCH_GITHUB_READ_DIR", readOnly: true },
    git,
    workspace,
    out,
    resume,
    tmp("clone"),
  ],
  env: [],
};

function agent({ settings: { runner } }: JobParts): Role {
  const { anthropicBaseURL } = runner;
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
      resume,
      tmp("agent"),
    ],
    env: anthropicBaseURL === undefined ? [] : [{ name: "ANTHROPIC_BASE_URL", value: anthropicBaseURL }],
  };
}

function recorder({ batch, settings: { runner } }: JobParts): Role {
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

function container({ settings: { runner } }: JobParts, role: Role) {
  return {
    name: role.name,
    image: runner.image,
    ...(runner.imagePullPolicy && { imagePullPolicy: runner.imagePullPolicy }),
    args: [role.argument],
    env: [
      ...role.env,
      ...role.mounts.map(({ variable, path }) => ({ name: variable, value: path })),
      { name: "CODYBATCH_TERMINATION_DIR", value: "/dev" },
      ...Object.entries(runner.env).map(([name, value]) => ({ name, value })),
    ],
    resources: runner.resources[role.name],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    volumeMounts: role.mounts.map(({ volume, path, readOnly, subPathExpr }) => ({
      name: volume,
      mountPath: path,
      ...(readOnly && { readOnly }),
      ...(subPathExpr !== undefined && { subPathExpr }),
    })),
  };
}

function volumesOf(parts: JobParts): readonly Record<string, unknown>[] {
  const { credentials, resultStorage } = parts.batch.spec;
  const { volumeSizes } = parts.settings.runner;
  const empty = (name: string, sizeLimit: string) => ({ name, emptyDir: { sizeLimit } });
  const secret = (name: string, secretName: string, key: string) => ({
    name,
    secret: { secretName, optional: true, items: [{ key, path: key }] },
  });
  const resumeItems = { optional: true, items: [{ key: "change.patch.gz", path: "change.patch.gz" }] };
  return [
    {
      name: "input",
      downwardAPI: { items: [{ path: "input.json", fieldRef: { fieldPath: `metadata.annotations['${annotation.input}']` } }] },
    },
    { name: "prompt", configMap: { name: parts.promptName, items: [{ key: "prompt", path: "prompt" }] } },
    secret("anthropic", credentials.anthropicSecret, "api-key"),
    secret("github-read", credentials.githubReadSecret, "token"),
    empty("git", volumeSizes.git),
    empty("workspace", volumeSizes.workspace),
    empty("out", volumeSizes.out),
    ...["recorder", "clone", "agent"].map((role) => empty(`tmp-${role}`, volumeSizes.tmp)),
    { name: "resume", configMap: { name: parts.resumeFrom ?? `${parts.name}-no-resume`, ...resumeItems } },
    apiToken,
    ...(resultStorage.type === "PersistentVolumeClaim"
      ? [{ name: "results", persistentVolumeClaim: { claimName: resultStorage.claimName ?? "results" } }]
      : []),
  ];
}

/** A token for the recorder alone: an hour's life, renewed by the kubelet. */
const apiToken = {
  name: "api-token",
  projected: {
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
      { configMap: { name: "kube-root-ca.crt", optional: true, items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ],
  },
};
