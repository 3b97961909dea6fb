import { annotation, RunInput } from "@codybatch/crds";
import { z } from "zod";
import type { Api } from "./api.ts";

const Volume = z.object({ name: z.string(), configMap: z.object({ name: z.string() }).optional() });
const Pod = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ volumes: z.array(Volume) }),
});
/** A pod, as far as those that play kubelet and recorder look into it. */
export type Pod = z.infer<typeof Pod>;

/** The pods of a Job. */
export async function podsOf(api: Api, namespace: string, job: string): Promise<readonly Pod[]> {
  const list = await api.must("GET", `/api/v1/namespaces/${namespace}/pods?labelSelector=batch.kubernetes.io/job-name=${job}`);
  return z.array(Pod).parse(list["items"]);
}

/** What the containers of the pod read as their task. */
export function inputOf({ metadata }: { readonly metadata: Pick<Pod["metadata"], "annotations"> }): RunInput {
  return RunInput.parse(JSON.parse(metadata.annotations[annotation.input] ?? ""));
}

/** Name of the ConfigMap that one of its volumes shows. */
export function configMapOf({ spec }: Pod, volume: string): string | undefined {
  return spec.volumes.find(({ name }) => name === volume)?.configMap?.name;
}
