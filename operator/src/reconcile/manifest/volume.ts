import { annotation, claimPath, recordKey, type BatchChangeSpec } from "@codybatch/crds";
import type { JobParts } from "./job.ts";
import { credentialVolumes, readCredential, secretVolume } from "./credential.ts";
import { toolboxOf, toolboxVolumes } from "./toolbox.ts";

/** Name of the file with the administrator's certificate authorities. */
export const caFile = "ca.crt";

/** Optional, as the Secrets are: where a namespace lacks it, only what needs it fails, and says so. */
export function caVolume({ configMap, key }: { readonly configMap: string; readonly key: string }): Record<string, unknown> {
  return { name: "ca", configMap: { name: configMap, optional: true, items: [{ key, path: caFile }] } };
}

/** What the containers are to do, from an annotation of the pod. */
export const inputVolume = {
  name: "input",
  downwardAPI: { items: [{ path: "input.json", fieldRef: { fieldPath: `metadata.annotations['${annotation.input}']` } }] },
};

export function empty(name: string, sizeLimit: string): Record<string, unknown> {
  return { name, emptyDir: { sizeLimit } };
}

/** The claim for large results, where a BatchChange has one. */
export function resultsVolume({ type, claimName }: BatchChangeSpec["resultStorage"]): readonly Record<string, unknown>[] {
  return type === "PersistentVolumeClaim" ? [{ name: "results", persistentVolumeClaim: { claimName: claimName ?? "results" } }] : [];
}

/** Volumes of the pod. Secrets are optional files, so that a missing one is a named result and no pod that hangs. */
export function volumesOf(parts: JobParts): readonly Record<string, unknown>[] {
  const { spec } = parts.batch;
  const { credentials, resultStorage } = spec;
  const { volumeSizes, tokenSeconds, caBundle } = parts.settings.runner;
  const { resumeFrom = `${parts.name}-no-resume` } = parts;
  const patchItems = { optional: true, items: [{ key: recordKey.patchGz, path: recordKey.patchGz }] };
  return [
    inputVolume,
    { name: "prompt", configMap: { name: parts.promptName, items: [{ key: "prompt", path: "prompt" }] } },
    secretVolume("anthropic", credentials.anthropicSecret, ["api-key"]),
    ...credentialVolumes(readCredential(credentials), parts.settings.runner),
    empty("git", volumeSizes.git),
    empty("workspace", volumeSizes.workspace),
    empty("out", volumeSizes.out),
    ...["recorder", "clone", "agent"].map((role) => empty(`tmp-${role}`, volumeSizes.tmp)),
    ...(claimPath(resumeFrom) === undefined ? [{ name: "resume", configMap: { name: resumeFrom, ...patchItems } }] : []),
    apiToken(tokenSeconds),
    ...(caBundle === undefined ? [] : [caVolume(caBundle)]),
    ...resultsVolume(resultStorage),
    ...(toolboxOf(spec) === undefined ? [] : toolboxVolumes(volumeSizes)),
  ];
}

/** A token for the recorder alone, of short life and renewed by the kubelet. */
export function apiToken(expirationSeconds: number): Record<string, unknown> {
  const sources = [
    { serviceAccountToken: { path: "token", expirationSeconds } },
    { configMap: { name: "kube-root-ca.crt", optional: true, items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
  ];
  return { name: "api-token", projected: { sources } };
}
