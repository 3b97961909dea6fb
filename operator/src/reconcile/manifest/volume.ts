import { annotation, claimPath } from "@codybatch/crds";
import type { JobParts } from "./job.ts";
import { toolboxOf, toolboxVolumes } from "./toolbox.ts";

/** Name of the file with the administrator's certificate authorities. */
export const caFile = "ca.crt";

/** Optional, as the Secrets are: where a namespace lacks it, only what needs it fails, and says so. */
function caVolume({ configMap, key }: { readonly configMap: string; readonly key: string }): Record<string, unknown> {
  return { name: "ca", configMap: { name: configMap, optional: true, items: [{ key, path: caFile }] } };
}

/** Volumes of the pod. Secrets are optional files, so that a missing one is a named result and no pod that hangs. */
export function volumesOf(parts: JobParts): readonly Record<string, unknown>[] {
  const { spec } = parts.batch;
  const { credentials, resultStorage } = spec;
  const { volumeSizes, tokenSeconds, caBundle } = parts.settings.runner;
  const { resumeFrom = `${parts.name}-no-resume` } = parts;
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
    ...(claimPath(resumeFrom) === undefined ? [{ name: "resume", configMap: { name: resumeFrom, ...resumeItems } }] : []),
    apiToken(tokenSeconds),
    ...(caBundle === undefined ? [] : [caVolume(caBundle)]),
    ...(resultStorage.type === "PersistentVolumeClaim"
      ? [{ name: "results", persistentVolumeClaim: { claimName: resultStorage.claimName ?? "results" } }]
      : []),
    ...(toolboxOf(spec) === undefined ? [] : toolboxVolumes(volumeSizes)),
  ];
}

/** A token for the recorder alone, of short life and renewed by the kubelet. */
function apiToken(expirationSeconds: number): Record<string, unknown> {
  const sources = [
    { serviceAccountToken: { path: "token", expirationSeconds } },
    { configMap: { name: "kube-root-ca.crt", optional: true, items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
  ];
  return { name: "api-token", projected: { sources } };
}
