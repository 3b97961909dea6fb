import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kinds, resourceOf } from "@codybatch/crds";
import { anyPort } from "../../../local/src/demo/port.ts";
import { command, type CommandOutput } from "../process/command.ts";
import { recipe } from "./recipe.ts";

const crdFolder = join(import.meta.dirname, "../../../crds");

/** The committed CRDs, as arguments of kubectl. */
export const crdFiles: readonly string[] = kinds.flatMap((kind) => {
  const { plural, group } = resourceOf(kind);
  return ["-f", join(crdFolder, `${plural}.${group}.yaml`)];
});

type Part = "apiserver" | "etcd" | "kcm";

/** etcd, API server and controller manager of a real Kubernetes; no node, so tests play the kubelet by writing pod status. */
export interface ControlPlane {
  readonly kubeconfig: string;
  readonly kubectl: (args: readonly string[], stdin?: string) => Promise<CommandOutput>;
  /** Kills one part with -9, as a fault would. */
  readonly kill: (part: Part) => Promise<void>;
  /** Starts a killed part again and waits until it answers. */
  readonly revive: (part: Part) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts one on a free loopback port. The first call on a machine compiles Kubernetes, 5 to 10 minutes on 2 cores. */
export async function startControlPlane(): Promise<ControlPlane> {
  const home = await mkdtemp(join(tmpdir(), "codybatch-cp-"));
  const own = { CLUSTER_DIR: join(home, "state"), CLUSTER_PORT: String(await anyPort()) };
  const stop = async (): Promise<void> => {
    await recipe(own, "down");
    await rm(home, { recursive: true, force: true });
  };
  try {
    const kubeconfig = await recipe(own, "up", "--control-plane");
    return {
      kubeconfig,
      kubectl: kubectlOf(await toolFolder(), kubeconfig),
      kill: async (part) => void (await recipe(own, `stop-${part}`)),
      revive: async (part) => void (await recipe(own, `start-${part}`)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The folder of etcd, kube-apiserver, kube-controller-manager and kubectl, which are compiled if need be. */
export async function toolFolder(): Promise<string> {
  return recipe({}, "build", "--control-plane");
}

/** kubectl of a tool folder, as whom the kubeconfig says. */
export function kubectlOf(folder: string, kubeconfig: string): ControlPlane["kubectl"] {
  const env = kubectlEnvironment(kubeconfig);
  return (args, stdin) => command(join(folder, "kubectl"), [...args], { env, ...(stdin === undefined ? {} : { stdin }) });
}

/** What makes kubectl use this kubeconfig only, and remember discovery beside it: another server may have had this port before. */
export function kubectlEnvironment(kubeconfig: string): Readonly<Record<string, string>> {
  return { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(dirname(kubeconfig), "kubectl-cache") };
}

/** Applies the CRDs as they are committed and waits until the API server serves the two kinds (kubectl sits out "storage is initializing"). */
export async function installCRDs({ kubectl }: Pick<ControlPlane, "kubectl">): Promise<string> {
  const applied = must(await kubectl(["apply", ...crdFiles]));
  must(await kubectl(["wait", "--for=condition=Established", "--timeout=30s", ...crdFiles]));
  must(await kubectl(["get", "batchchanges,changesets"]));
  return applied;
}

/** The output of a command that has to succeed. */
export function must({ exitCode, stdout, stderr }: CommandOutput): string {
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
  return stdout;
}
