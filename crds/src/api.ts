/** API group, version and the names that every other package refers to. */
export const group = "codybatch.dev";
export const version = "v1alpha1";
export const apiVersion = `${group}/${version}`;

export const label = {
  batchChange: `${group}/batch-change`,
  changeset: `${group}/changeset`,
  podUID: `${group}/pod-uid`,
  /** What a Job or ConfigMap is: see {@link JobRole} and {@link RecordPart}. */
  role: `${group}/role`,
  /** `true` on a Changeset that was made for a repository which spec.repositorySelector found. */
  discovered: `${group}/discovered`,
} as const;

export const annotation = {
  /** {@link RunInput} as JSON, on the pod; the containers read it through a downwardAPI volume. */
  input: `${group}/input`,
  /** Stored size in bytes of a result ConfigMap, so that a metadata-only watch can add them up. */
  bytes: `${group}/bytes`,
  /** Money reserved for a Job, in nano-dollars, as a decimal string. */
  reservedNanoUSD: `${group}/reserved-nano-usd`,
  /** Hash of the prompt, agent, toolbox and checks that an attempt was started with. */
  inputsHash: `${group}/inputs-hash`,
  /** On a Job that the operator suspended: the reason why, so that its end can be named when its pods are gone. */
  stoppedBecause: `${group}/stopped-because`,
  /** On a Job of a {@link Task}: what it was made for, in words of the operator's own, such as the digest of the patch that it publishes. */
  subject: `${group}/subject`,
} as const;

export type JobRole = "change" | Task;
/** What a Job does that changes no code: with the host alone, without Claude. */
export const tasks = ["discover", "publish", "track"] as const;
export type Task = (typeof tasks)[number];
export type RecordPart = "live" | "patch" | "transcript" | "result" | "prompt";

export const containerName = { recorder: "recorder", clone: "clone", agent: "agent", toolbox: "toolbox", mint: "mint" } as const;
