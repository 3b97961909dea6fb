import { z } from "zod";
import { must } from "../cluster/control-plane.ts";
import { freezeContainer, killContainer } from "./cluster.ts";
import type { Stage } from "./stage.ts";

const Pods = z.object({
  items: z.tuple([
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({ containerStatuses: z.tuple([z.object({ containerID: z.string() })]) }),
    }),
  ]),
});

/** Kills the operator's process with -9. Its pod is taken away too: a container that dies often is restarted after minutes only. */
export async function killOperator(stage: Stage): Promise<void> {
  const { pod, container } = await operatorOf(stage);
  await killContainer(stage.cluster, container);
  must(await stage.site.kubectl(["-n", stage.release.namespace, "delete", "pod", pod, "--grace-period=0", "--force"]));
}

/** From now on the operator does nothing, until it is killed. */
export async function freezeOperator(stage: Stage): Promise<void> {
  await freezeContainer(stage.cluster, (await operatorOf(stage)).container);
}

async function operatorOf({ site, release }: Stage): Promise<{ readonly pod: string; readonly container: string }> {
  const args = ["-n", release.namespace, "get", "pods", "-l", "app.kubernetes.io/component=operator", "-o", "json"];
  const [{ metadata, status }] = Pods.parse(JSON.parse(must(await site.kubectl(args)))).items;
  return { pod: metadata.name, container: status.containerStatuses[0].containerID };
}
