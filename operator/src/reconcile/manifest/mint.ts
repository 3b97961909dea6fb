import { containerName } from "@codybatch/crds";
import type { Settings } from "../settings.ts";
import { container, hostAddress, input, out, type Role, wayOut } from "./container.ts";
import { app, type GitHubCredential } from "./credential.ts";
import type { Mount } from "./mount.ts";

/** Where Apps may be used: the container that turns the key of one into a token for the pod's task. The key is mounted nowhere else. */
export function mintContainers(settings: Settings, { volume }: GitHubCredential) {
  const { runner } = settings;
  if (!runner.githubApp) return [];
  const token: Mount = { volume, path: "/github-token", variable: "CODYBATCH_GITHUB_TOKEN_DIR" };
  const { mounts, env } = wayOut(runner);
  const role: Role = {
    name: containerName.mint,
    argument: "mint",
    mounts: [input, app, token, out, ...mounts],
    env: [...hostAddress(runner), ...env],
  };
  return [container({ settings }, role)];
}
