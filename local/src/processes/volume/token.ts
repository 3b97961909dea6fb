import { z } from "zod";

import { paths } from "../api/paths.ts";
import type { Pod, Projection } from "../api/pod.ts";
import { ContainerRefusal } from "../container/refusal.ts";
import type { VolumeFile } from "./entry.ts";
import type { Sources } from "./source.ts";

type TokenRef = NonNullable<Projection["serviceAccountToken"]>;

const tokenSchema = z.looseObject({ status: z.looseObject({ token: z.string() }) });

/** Asks for a token bound to this pod, as the kubelet does. */
export async function tokenFile({ api }: Sources, pod: Pod, { path, audience, expirationSeconds }: TokenRef): Promise<VolumeFile> {
  const { namespace, name, uid } = pod.metadata;
  const account = pod.spec.serviceAccountName;
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      audiences: audience === undefined ? [] : [audience],
      expirationSeconds,
      boundObjectRef: { kind: "Pod", apiVersion: "v1", name, uid },
    },
  };
  try {
    const answer = tokenSchema.parse(await api.create(`${paths.serviceAccount({ namespace, name: account })}/token`, body));
    return { path, content: answer.status.token };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContainerRefusal("CreateContainerConfigError", `no token for ServiceAccount ${namespace}/${account}: ${why}`, { cause });
  }
}
