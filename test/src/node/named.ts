import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { toolFolder } from "../cluster/control-plane.ts";
import { testImages } from "../images/images.ts";
import type { NodeCluster } from "./cluster.ts";

const run = promisify(execFile);

const Named = z.object({
  /** File of a cluster that is not ours to start or stop, such as kind's. */
  CODYBATCH_TEST_KUBECONFIG: z.string().min(1),
  CODYBATCH_TEST_HOST: z.ipv4("must be the address of this machine as pods of the cluster reach it"),
  CODYBATCH_TEST_LOAD: z
    .string("must be a command that loads an image archive, such as: kind load image-archive")
    .transform((text) => text.trim().split(/\s+/))
    .pipe(z.tuple([z.string().min(1)], z.string())),
});

/** Whether the user named a cluster; then the recipe's own is not brought up. */
export const isNamed = process.env["CODYBATCH_TEST_KUBECONFIG"] !== undefined;

/** Makes the named cluster ready: the images are built and handed to the load command. Throws with the names of variables that are missing or wrong. */
export async function namedCluster(environment: NodeJS.ProcessEnv): Promise<NodeCluster> {
  const parsed = Named.safeParse(environment);
  if (!parsed.success) throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"));
  const { CODYBATCH_TEST_KUBECONFIG: kubeconfig, CODYBATCH_TEST_HOST: host, CODYBATCH_TEST_LOAD: load } = parsed.data;
  const { operator, runner, archives } = await testImages();
  const [program, ...args] = load;
  for (const archive of archives) await run(program, [...args, archive]);
  return { kubeconfig, host, tools: await toolFolder(), state: "", images: { operator, runner } };
}
