import {
  annotation,
  claimPath,
  label,
  recordKey,
  type BatchChange,
  type ClosePullRequest,
  type DiscoverInput,
  type Metadata,
  type PublishInput,
  type Task,
  type TrackInput,
} from "@codybatch/crds";
import { dirname } from "node:path/posix";
import { container, hostAddress, git, input, out, recorder, tmp, wayOut, type Role } from "../manifest/container.ts";
import { credentialVolumes, type GitHubCredential, readCredential, secretVolume, writeCredential } from "../manifest/credential.ts";
import { mintContainers } from "../manifest/mint.ts";
import type { Mount } from "../manifest/mount.ts";
import { once, ownedBy, podBase, podMetadata, recommendedLabels } from "../manifest/pod.ts";
import { apiToken, caVolume, empty, inputVolume, resultsVolume } from "../manifest/volume.ts";
import type { Settings } from "../settings.ts";

/** Everything that a task's Job is made of. */
export interface TaskParts {
  readonly name: string;
  readonly batch: BatchChange;
  readonly owner: { readonly kind: "Changeset" | "BatchChange"; readonly metadata: Metadata };
  readonly input: PublishInput | ClosePullRequest | DiscoverInput | TrackInput;
  readonly subject: string;
  /** Of a publish Job: where the patch lies, a ConfigMap or a path on the claim. Closing a pull request needs none. */
  readonly patchRef?: string;
  readonly settings: Settings;
}

/** Of a volume on memory that holds a token and git's settings. */
const secretsSize = "16Mi";

export type TaskManifest = ReturnType<typeof taskManifest>;

/** The Job of one task: a recorder and one container that speaks to the git host. Nothing in it knows Claude's key or runs what a repository holds. */
export function taskManifest(parts: TaskParts) {
  const { name, owner, subject } = parts;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace: owner.metadata.namespace,
      labels: labelsOf(parts),
      annotations: { [annotation.subject]: subject },
      ownerReferences: [ownedBy(owner.kind, owner.metadata)],
    },
    spec: once(podTemplate(parts)),
  };
}

function podTemplate(parts: TaskParts) {
  const { settings } = parts;
  return {
    metadata: podMetadata(labelsOf(parts), parts.input),
    spec: {
      ...podBase(settings, settings.timings.task),
      initContainers: [{ ...container(parts, recorder(parts)), restartPolicy: "Always" }, ...mintContainers(settings, credentialOf(parts))],
      containers: [container(parts, worker(parts))],
      volumes: volumesOf(parts),
    },
  };
}

/** Holds the one credential that its task needs; a publish Job the write token, the others the read token. */
function worker(parts: TaskParts): Role {
  const { task } = parts.input;
  const { runner } = parts.settings;
  const { mounts, env } = wayOut(runner);
  return {
    name: task,
    argument: task,
    mounts: [input, credential(task), ...(task === "publish" ? [signing, patch(parts), git] : []), out, tmp(task), ...mounts],
    env: [...hostAddress(runner), ...env],
  };
}

function credentialOf({ batch, input: { task } }: TaskParts): GitHubCredential {
  const { credentials } = batch.spec;
  return task === "publish" ? writeCredential(credentials) : readCredential(credentials);
}

/** The key of the write Secret that signs commits, if it has one. */
const signing: Mount = { volume: "signing", path: "/signing", variable: "CODYBATCH_SIGNING_DIR", readOnly: true };

function credential(task: Task): Mount {
  if (task !== "publish") return { volume: "github-read", path: "/github-read", variable: "CODYBATCH_GITHUB_READ_DIR", readOnly: true };
  return { volume: "github-write", path: "/github-write", variable: "CODYBATCH_GITHUB_WRITE_DIR", readOnly: true };
}

/** The patch's ConfigMap, or its folder on the claim and no other. */
function patch({ patchRef = "" }: TaskParts): Mount {
  const path = claimPath(patchRef);
  const place = { path: "/patch", variable: "CODYBATCH_PATCH_DIR", readOnly: true };
  return path === undefined ? { ...place, volume: "patch" } : { ...place, volume: "results", subPath: dirname(path) };
}

function volumesOf(parts: TaskParts): readonly Record<string, unknown>[] {
  const {
    batch,
    input: { task },
    patchRef,
    settings: { runner },
  } = parts;
  const { credentials, resultStorage } = batch.spec;
  const { volumeSizes, tokenSeconds, caBundle } = runner;
  const items = [{ key: recordKey.patchGz, path: recordKey.patchGz }];
  const onConfigMap = patchRef !== undefined && claimPath(patchRef) === undefined;
  return [
    inputVolume,
    ...credentialVolumes(credentialOf(parts), runner),
    ...(task === "publish" ? [secretVolume(signing.volume, credentials.githubWriteSecret, ["signing.key"])] : []),
    ...(onConfigMap ? [{ name: "patch", configMap: { name: patchRef, optional: true, items } }] : []),
    ...(task === "publish" && patchRef === undefined ? [empty("patch", secretsSize)] : []),
    empty("out", volumeSizes.out),
    empty("tmp-recorder", volumeSizes.tmp),
    ...(task === "publish" ? [empty("git", volumeSizes.git)] : []),
    // The token lies there while git runs.
    { name: `tmp-${task}`, emptyDir: { medium: "Memory", sizeLimit: secretsSize } },
    apiToken(tokenSeconds),
    ...(caBundle === undefined ? [] : [caVolume(caBundle)]),
    ...resultsVolume(resultStorage),
  ];
}

function labelsOf({ batch, owner, input: { task } }: TaskParts): Record<string, string> {
  return {
    [label.batchChange]: batch.metadata.name,
    ...(owner.kind === "Changeset" && { [label.changeset]: owner.metadata.name }),
    [label.role]: task,
    ...recommendedLabels(task),
  };
}
