import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { recipe } from "../cluster/recipe.ts";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "../../cluster");

/** A real cluster with a node on which pods run, as every test file is told of it. */
export const NodeCluster = z.object({
  kubeconfig: z.string(),
  /** Folder of kubectl and helm. */
  tools: z.string(),
  /** Address of this machine as pods see it. */
  host: z.string(),
  /** Images under the names by which the node knows them. */
  images: z.object({ operator: z.string(), runner: z.string() }),
  /** State folder of the recipe's cluster; empty for a cluster that the user named, whose parts no test may touch. */
  state: z.string(),
});
export type NodeCluster = z.infer<typeof NodeCluster>;

type Part = "apiserver" | "etcd" | "kcm" | "scheduler" | "containerd" | "kubelet";

/** Runs the recipe for the cluster in that state folder and gives what it prints. */
export function inState(state: string, ...args: readonly string[]): Promise<string> {
  return recipe({ CLUSTER_DIR: state }, ...args);
}

/** Installs what the machine lacks, or fails with the names of what is missing. Its words are shown. */
export async function installPackages(): Promise<void> {
  const child = spawn(join(folder, "packages.sh"), { stdio: ["ignore", "inherit", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error("the packages of a whole node are not all there; see the lines above");
}

/** Kills one part of the cluster with -9, as a fault would. */
export async function stopPart({ state }: NodeCluster, part: Part): Promise<void> {
  await inState(state, `stop-${part}`);
}

/** Starts a killed part again; the API server answers then. */
export async function startPart({ state }: NodeCluster, part: Part): Promise<void> {
  await inState(state, `start-${part}`);
}

/** Kills the main process of a container with -9, past Kubernetes, also one that is frozen; `id` is the containerID of the pod's status. */
export async function killContainer(cluster: NodeCluster, id: string): Promise<void> {
  await containerd(cluster, "tasks", "kill", "-s", "SIGKILL", taskOf(id));
}

/** Stops the main process of a container in its tracks. Freezing all of a container fails on a busy machine: "unable to freeze". */
export async function freezeContainer(cluster: NodeCluster, id: string): Promise<void> {
  await containerd(cluster, "tasks", "kill", "-s", "SIGSTOP", taskOf(id));
}

/** Containers of a namespace's pods that have a process on the node, by id; Kubernetes need not know of them. */
export async function tasksIn(cluster: NodeCluster, namespace: string): Promise<readonly string[]> {
  const filter = `labels."io.kubernetes.pod.namespace"==${namespace}`;
  const own = (await containerd(cluster, "containers", "list", "-q", filter)).split("\n");
  const tasks = (await containerd(cluster, "tasks", "list")).split("\n").map((line) => line.trim().split(/\s+/));
  return tasks.filter(([id = "", , state]) => id !== "" && own.includes(id) && state !== "STOPPED").map(([id = ""]) => id);
}

/** Gives an image that the node has a second name. */
export async function tagImage(cluster: NodeCluster, image: string, name: string): Promise<void> {
  await containerd(cluster, "images", "tag", "--force", image, name);
}

function taskOf(id: string): string {
  return id.replace("containerd://", "");
}

async function containerd({ state, tools }: NodeCluster, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(join(tools, "ctr"), ["-a", join(state, "containerd.sock"), "-n", "k8s.io", ...args]);
  return stdout;
}
