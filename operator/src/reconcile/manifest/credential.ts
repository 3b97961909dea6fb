import type { BatchChangeSpec } from "@codybatch/crds";
import type { RunnerSettings } from "../settings.ts";
import type { Mount } from "./mount.ts";

/** The credential for GitHub of one pod; its volume holds the file `token`. */
export interface GitHubCredential {
  readonly volume: "github-read" | "github-write";
  readonly secretName: string;
}

type Credentials = BatchChangeSpec["credentials"];

export function readCredential({ githubReadSecret }: Credentials): GitHubCredential {
  return { volume: "github-read", secretName: githubReadSecret };
}

export function writeCredential({ githubWriteSecret }: Credentials): GitHubCredential {
  return { volume: "github-write", secretName: githubWriteSecret };
}

/** The whole Secret, for mint. */
export const app: Mount = { volume: "github-app", path: "/github-app", variable: "CODYBATCH_GITHUB_APP_DIR", readOnly: true };

/** Keys of a Secret with an App; a plain token may take their place, so the pod looks the same whatever the Secret holds. */
const keys = ["token", "app-id", "private-key", "installation-id"];

/** Of a volume on memory that holds one token. */
const tokenSize = "1Mi";

/** The Secret itself; or, where Apps may be used, memory to which mint writes, and the Secret for mint alone. */
export function credentialVolumes(
  { volume, secretName }: GitHubCredential,
  { githubApp }: RunnerSettings,
): readonly Record<string, unknown>[] {
  if (!githubApp) return [secretVolume(volume, secretName, ["token"])];
  return [secretVolume(app.volume, secretName, keys), { name: volume, emptyDir: { medium: "Memory", sizeLimit: tokenSize } }];
}

/** Keys of a Secret as files of the same names. */
export function secretVolume(name: string, secretName: string, names: readonly string[]): Record<string, unknown> {
  return { name, secret: { secretName, optional: true, items: names.map((key) => ({ key, path: key })) } };
}
