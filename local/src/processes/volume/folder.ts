import { join } from "node:path";

import type { Container, Pod, Projection, Volume } from "../api/pod.ts";
import type { PlacedMount, Variables } from "../container/environment.ts";
import { expand } from "../container/expand.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import { makePrivate } from "../disk/atomic.ts";
import type { VolumeFile } from "./entry.ts";
import { inside, writeVolumeFile } from "./entry.ts";
import type { Sources } from "./source.ts";
import { configMapFiles, downwardFiles, secretFiles } from "./source.ts";
import { tokenFile } from "./token.ts";

/** Where a pod's volumes lie. */
export interface VolumePlace {
  readonly podDir: string;
  /** Folder of all claims, which outlive pods. */
  readonly claimsDir: string;
}

/** Makes and fills all volumes of the pod; may be repeated. Refuses with the reason when something is missing. */
export async function makeVolumes(pod: Pod, place: VolumePlace, sources: Sources): Promise<void> {
  for (const volume of pod.spec.volumes) {
    const folder = makePrivate(folderOf(pod, volume, place));
    for (const file of await filesOf(pod, volume, sources)) await writeVolumeFile(folder, file);
  }
}

/** Writes fresh ServiceAccount tokens over the old ones. */
export async function renewTokens(pod: Pod, place: VolumePlace, sources: Sources): Promise<void> {
  for (const volume of pod.spec.volumes) {
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
      if (serviceAccountToken === undefined) continue;
      await writeVolumeFile(folderOf(pod, volume, place), await tokenFile(sources, pod, serviceAccountToken));
    }
  }
}

/** Seconds until the pod's tokens should be renewed: 80 % of the shortest life, as the kubelet does. */
export function tokenSeconds(pod: Pod): number | undefined {
  const lives = pod.spec.volumes.flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken?.expirationSeconds ?? []),
  );
  return lives.length === 0 ? undefined : Math.min(...lives) * 0.8;
}

/** The container's mounts as folders; sub-paths may use its variables and are made when missing. */
export function placeMounts(pod: Pod, container: Container, place: VolumePlace, variables: Variables): readonly PlacedMount[] {
  return container.volumeMounts.map(({ name, mountPath, subPath, subPathExpr }) => {
    const volume = pod.spec.volumes.find((candidate) => candidate.name === name);
    if (volume === undefined) {
      throw new ContainerRefusal("CreateContainerConfigError", `container ${container.name} mounts ${name}, which is no volume of the pod`);
    }
    const folder = folderOf(pod, volume, place);
    const below = subPathExpr === undefined ? subPath : expand(subPathExpr, variables);
    return { mountPath, path: below === undefined || below === "" ? folder : makePrivate(inside(folder, below)) };
  });
}

function folderOf(pod: Pod, volume: Volume, { podDir, claimsDir }: VolumePlace): string {
  const claim = volume.persistentVolumeClaim?.claimName;
  return claim === undefined ? join(podDir, "volumes", volume.name) : inside(join(claimsDir, pod.metadata.namespace), claim);
}

async function filesOf(pod: Pod, volume: Volume, sources: Sources): Promise<readonly VolumeFile[]> {
  const { secret } = volume;
  const parts = [
    await sourceFiles(pod, { ...volume, secret: secret === undefined ? undefined : { ...secret, name: secret.secretName } }, sources),
  ];
  for (const source of volume.projected?.sources ?? []) parts.push(await sourceFiles(pod, source, sources));
  return parts.flat();
}

async function sourceFiles(pod: Pod, source: Partial<Projection>, sources: Sources): Promise<readonly VolumeFile[]> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  return [
    ...(configMap === undefined ? [] : await configMapFiles(sources, pod, configMap)),
    ...(secret === undefined ? [] : secretFiles(sources, secret)),
    ...(downwardAPI === undefined ? [] : downwardFiles(pod, downwardAPI.items)),
    ...(serviceAccountToken === undefined ? [] : [await tokenFile(sources, pod, serviceAccountToken)]),
  ];
}
