import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { command, type CommandOutput } from "../process/command.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../cluster/cluster.sh");

/** etcd, API server and controller manager of a real Kubernetes; no node, so tests play the kubelet by writing pod status. */
export interface ControlPlane {
  readonly kubeconfig: string;
  kubectl(args: readonly string[], stdin?: string): Promise<CommandOutput>;
  stop(): Promise<void>;
}

/** Starts one on a free loopback port. The first call on a machine compiles Kubernetes, 5 to 10 minutes on 2 cores. */
export async function startControlPlane(): Promise<ControlPlane> {
  const home = await mkdtemp(join(tmpdir(), "codybatch-cp-"));
  const env = { ...process.env, CLUSTER_DIR: join(home, "state"), CLUSTER_PORT: String(await freePort()) };
  await run(script, ["build", "--control-plane"], { env, maxBuffer: 1 << 26 });
  const { stdout } = await run(script, ["up", "--control-plane"], { env });
  const kubeconfig = stdout.trim();
  const bin = (await run(script, ["bin"], { env })).stdout.trim();
  return {
    kubeconfig,
    kubectl: (args, stdin) => command(join(bin, "kubectl"), ["--kubeconfig", kubeconfig, ...args], stdin === undefined ? {} : { stdin }),
    stop: async () => {
      await run(script, ["down"], { env });
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
