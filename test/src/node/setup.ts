import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Site } from "../chart/site.ts";
import { must } from "../cluster/control-plane.ts";
import { testImages } from "../images/images.ts";
import { installPackages, inState, type NodeCluster } from "./cluster.ts";
import { isNamed, namedCluster } from "./named.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly node: NodeCluster;
  }
}

const host = "10.95.0.1";

interface Shared {
  readonly cluster: Promise<NodeCluster>;
  users: number;
  stop: () => Promise<void>;
}

declare global {
  /** One cluster for all projects of a run: each loads this module anew, and a machine holds one node. */
  // oxlint-disable-next-line no-var -- a declared global is a var
  var codybatchNode: Shared | undefined;
}

/** Brings one cluster up for all test files: compiled, images built and loaded, CRDs and shared policies installed. CODYBATCH_NODE names the state folder of one that stays up between runs, CODYBATCH_TEST_KUBECONFIG a cluster that is not ours. */
export async function setup(project: TestProject): Promise<void> {
  const shared = (globalThis.codybatchNode ??= open());
  shared.users += 1;
  project.provide("node", await shared.cluster);
}

export async function teardown(): Promise<void> {
  const shared = globalThis.codybatchNode;
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users === 0) await shared.stop();
}

function open(): Shared {
  const none = async (): Promise<void> => undefined;
  if (isNamed) return { cluster: namedCluster(process.env).then(prepared), users: 0, stop: none };
  const kept = process.env["CODYBATCH_NODE"];
  if (kept !== undefined) return { cluster: start(kept), users: 0, stop: none };
  const state = join(mkdtempSync(join(tmpdir(), "codybatch-node-")), "state");
  const stop = (): Promise<void> => end(state);
  const cluster = start(state).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { cluster, users: 0, stop };
}

async function start(state: string): Promise<NodeCluster> {
  say("packages");
  await installPackages();
  say("tools of Kubernetes");
  const tools = await inState(state, "build");
  say("images of operator and runner");
  const images = await testImages();
  say("a node");
  const kubeconfig = await inState(state, "up");
  say("images to the node");
  for (const archive of images.archives) await inState(state, "load-image", archive);
  return prepared({ kubeconfig, tools, host, state, images: { operator: images.operator, runner: images.runner } });
}

/** With what all releases of a cluster share, as an administrator installs it once. */
async function prepared(cluster: NodeCluster): Promise<NodeCluster> {
  const site = await Site.at(cluster.kubeconfig);
  const values = { install: "cluster", watchNamespaces: ["codybatch-shared"] };
  must(await site.chart("upgrade --install --create-namespace", { name: "shared", namespace: "codybatch-shared" }, values));
  say("ready");
  return cluster;
}

async function end(state: string): Promise<void> {
  await inState(state, "down");
  await rm(join(state, ".."), { recursive: true, force: true });
}

/** Minutes may pass without a word otherwise. */
function say(what: string): void {
  console.log(`node cluster: ${what} (${new Date().toISOString().slice(11, 19)})`);
}
