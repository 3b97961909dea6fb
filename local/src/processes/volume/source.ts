import { z } from "zod";

import type { Api } from "../api/client.ts";
import { unlessMissing } from "../api/client.ts";
import { paths } from "../api/paths.ts";
import type { DownwardItem, Pod, Projection } from "../api/pod.ts";
import { fieldOf } from "../container/field.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import type { VolumeFile } from "./entry.ts";
import { keyedFiles } from "./keyed.ts";

/** Values by Secret name and key, such as anthropic → api-key. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Sources {
  readonly api: Api;
  readonly secrets: Secrets;
}

type MapRef = NonNullable<Projection["configMap"]>;

const configMapSchema = z.looseObject({
  data: z.record(z.string(), z.string()).default({}),
  binaryData: z.record(z.string(), z.string()).default({}),
});

export async function configMapFiles({ api }: Sources, pod: Pod, { name, items, optional }: MapRef): Promise<readonly VolumeFile[]> {
  const { namespace } = pod.metadata;
  const found = await unlessMissing(api.get(paths.configMap({ namespace, name })));
  const map = found === undefined ? undefined : configMapSchema.parse(found);
  const binary = Object.entries(map?.binaryData ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64")] as const);
  const values = map === undefined ? undefined : { ...map.data, ...Object.fromEntries(binary) };
  return keyedFiles({ what: `ConfigMap ${namespace}/${name}`, values, items, optional });
}

export function secretFiles({ secrets }: Sources, { name, items, optional }: MapRef): readonly VolumeFile[] {
  const values = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  return keyedFiles({ what: `Secret ${name}`, values, items, optional });
}

export function downwardFiles(pod: Pod, items: readonly DownwardItem[]): readonly VolumeFile[] {
  return items.map(({ path, fieldRef }) => {
    const content = fieldRef === undefined ? undefined : fieldOf(pod, fieldRef.fieldPath);
    if (content !== undefined) return { path, content };
    const field = fieldRef?.fieldPath ?? "a resource";
    throw new ContainerRefusal(
      "CreateContainerConfigError",
      `the downwardAPI file ${path} uses ${field}, which local mode does not support`,
    );
  });
}
