import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createClient, createMetrics, openEndpoint, resources, systemClock } from "@codybatch/operator";
import type { Client } from "@codybatch/operator";
import type { Endpoint } from "../../../../operator/src/cluster/endpoint.ts";
import { type Api, openApi } from "../../cluster/api.ts";
import { type ControlPlane, installCRDs, must, startControlPlane } from "../../cluster/control-plane.ts";
import { makeNode } from "../../cluster/kubelet.ts";
import { inFlightMost } from "../client.ts";
import { type Memory, memoryOf } from "../operator.ts";

/** A real API server with etcd and controller manager, the CRDs, and who asks it. */
export class Plane {
  readonly api: Api;
  readonly client: Client;
  readonly endpoint: Endpoint;
  readonly #plane: ControlPlane;

  private constructor(plane: ControlPlane, api: Api, { client, endpoint }: Pick<Plane, "client" | "endpoint">) {
    [this.#plane, this.api, this.client, this.endpoint] = [plane, api, client, endpoint];
  }

  static async start(): Promise<Plane> {
    const plane = await startControlPlane();
    const { kubeconfig } = plane;
    const endpoint = await openEndpoint({ kind: "kubeconfig", path: kubeconfig }, systemClock);
    const client = createClient({ endpoint, metrics: createMetrics(), connections: inFlightMost, timeout: 60_000 });
    const started = new Plane(plane, await openApi(kubeconfig), { client, endpoint });
    await installCRDs(plane);
    await makeNode(started.api);
    await started.makeNamespace("codybatch-system");
    return started;
  }

  get kubeconfig(): string {
    return this.#plane.kubeconfig;
  }

  async makeNamespace(name: string): Promise<void> {
    await this.client.create(resources.namespaces, "", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  /** How many of these objects a namespace has, without reading them. */
  async count(path: string): Promise<number> {
    const { items, metadata } = await this.api.must("GET", `${path}?limit=1`);
    const { remainingItemCount = 0 } = metadata as { readonly remainingItemCount?: number };
    return (items as readonly unknown[]).length + remainingItemCount;
  }

  /** The API server's own metrics. */
  async metrics(): Promise<string> {
    return must(await this.#plane.kubectl(["get", "--raw", "/metrics"]));
  }

  memory(): Memory {
    return memoryOf(Number(readFileSync(join(dirname(this.kubeconfig), "pid", "apiserver"), "utf8")));
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.client.close();
    await this.#plane.stop();
  }
}
