import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeCluster } from "./cluster.ts";

/** `kubectl proxy`: the API server over plain HTTP on loopback, with the administrator's rights. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

export async function startProxy({ tools, kubeconfig }: NodeCluster): Promise<Proxy> {
  const env = { PATH: process.env["PATH"], KUBECONFIG: kubeconfig };
  const child = spawn(join(tools, "kubectl"), ["proxy", "--port=0"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^Starting to serve on (\S+)$/.exec(line) ?? [];
    if (address !== undefined) return { url: `http://${address}`, [Symbol.asyncDispose]: stop };
  }
  throw new Error("kubectl proxy ended before it served");
}
