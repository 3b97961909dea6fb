import { join } from "node:path";
import { type ControlPlane, kubectlEnvironment, kubectlOf, must, startControlPlane, toolFolder } from "../cluster/control-plane.ts";
import { command, type CommandOutput } from "../process/command.ts";
import { chartFolder, findHelm, type Helm, required } from "./chart.ts";
import { kubeconfigWith } from "./identity.ts";

export type Kubectl = (args: readonly string[], object?: object) => Promise<CommandOutput>;

interface Release {
  readonly name: string;
  readonly namespace: string;
}

/** A cluster on which charts are installed and people try things. */
export class Site {
  readonly #plane: Pick<ControlPlane, "kubeconfig" | "kubectl" | "stop">;
  readonly #helm: Helm;
  readonly #tools: string;

  private constructor(plane: Pick<ControlPlane, "kubeconfig" | "kubectl" | "stop">, helm: Helm, tools: string) {
    this.#plane = plane;
    this.#helm = helm;
    this.#tools = tools;
  }

  static async start(): Promise<Site> {
    return new Site(await startControlPlane(), await findHelm(), await toolFolder());
  }

  /** A cluster that somebody else started and will stop. */
  static async at(kubeconfig: string): Promise<Site> {
    const tools = await toolFolder();
    return new Site({ kubeconfig, kubectl: kubectlOf(tools, kubeconfig), stop: async () => undefined }, await findHelm(), tools);
  }

  get kubeconfig(): string {
    return this.#plane.kubeconfig;
  }

  stop(): Promise<void> {
    return this.#plane.stop();
  }

  /** As the cluster's administrator. */
  readonly kubectl: Kubectl = (args, object) => this.#kubectlAt(this.kubeconfig)(args, object);

  /** As somebody else, by impersonation. */
  as(user: string, ...groups: readonly string[]): Kubectl {
    const who = [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)];
    return (args, object) => this.kubectl([...who, ...args], object);
  }

  /** As the holder of a token. */
  async withToken(token: string): Promise<Kubectl> {
    return this.#kubectlAt(await kubeconfigWith(token, this.kubeconfig));
  }

  /** A token of a ServiceAccount by TokenRequest, bound to a pod as the kubelet asks for it. */
  async token(namespace: string, account: string, pod?: { readonly name: string; readonly uid: string }): Promise<string> {
    const bound = pod === undefined ? [] : ["--bound-object-kind=Pod", `--bound-object-name=${pod.name}`, `--bound-object-uid=${pod.uid}`];
    return must(await this.kubectl(["-n", namespace, "create", "token", account, ...bound])).trim();
  }

  /** Namespaces in which only pods of the restricted standard may run. */
  async makeNamespaces(...names: readonly string[]): Promise<void> {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const items = names.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }));
    must(await this.kubectl(["create", "-f", "-"], { apiVersion: "v1", kind: "List", items }));
  }

  /** What `helm template` gave, applied by the cluster's administrator. */
  applyText(manifest: string): Promise<CommandOutput> {
    return this.#plane.kubectl(["apply", "--server-side", "-f", "-"], manifest);
  }

  /** `helm install`, `upgrade` … of the chart; `by` is who does it. */
  chart(verb: string, { name, namespace }: Release, values: object, by?: string): Promise<CommandOutput> {
    return this.helm([...verb.split(" "), name, chartFolder, "-n", namespace], { ...required, ...values }, by);
  }

  helm(args: readonly string[], values?: object, by?: string): Promise<CommandOutput> {
    const env = { ...kubectlEnvironment(this.kubeconfig), ...(by === undefined ? {} : { HELM_KUBEASUSER: by }) };
    return this.#helm(args, { env, ...(values === undefined ? {} : { values }) });
  }

  #kubectlAt(kubeconfig: string): Kubectl {
    const env = kubectlEnvironment(kubeconfig);
    return (args, object) =>
      command(join(this.#tools, "kubectl"), [...args], { env, ...(object === undefined ? {} : { stdin: JSON.stringify(object) }) });
  }
}

/** `allowed`, or why not. */
export function verdict({ exitCode, stderr }: CommandOutput): string {
  return exitCode === 0 ? "allowed" : stderr;
}
