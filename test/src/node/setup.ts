import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Site } from "../chart/site.ts";
import { must } from "../cluster/control-plane.ts";
import { testImages } from "../images/images.ts";
import { installPackages, type NodeCluster, recipe } from "./cluster.ts";
import { isNamed, namedCluster } from "./named.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly node: NodeCluster;
  }
}

const host = "10.95.0.1";
let stop = async (): Promise<void> => undefined;

/** Brings one cluster up for all test files: compiled, images built and loaded, CRDs and shared policies installed. CODYBATCH_NODE names the state folder of one that stays up between runs, CODYBATCH_TEST_KUBECONFIG a cluster that is not ours. */
export async function setup(project: TestProject): Promise<void> {
  if (isNamed) return project.provide("node", await prepared(await namedCluster(process.env)));
  say("packages");
  await installPackages();
  const kept = process.env["CODYBATCH_NODE"];
  const state = kept ?? join(await mkdtemp(join(tmpdir(), "codybatch-node-")), "state");
  if (kept === undefined) stop = async () => await end(state);
  try {
    project.provide("node", await start(state));
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function teardown(): Promise<void> {
  await stop();
}

async function start(state: string): Promise<NodeCluster> {
  say("tools of Kubernetes");
  const tools = await recipe(state, "build");
  say("images of operator and runner");
  const images = await testImages();
  say("a node");
  const kubeconfig = await recipe(state, "up");
  say("images to the node");
  for (const archive of images.archives) await recipe(state, "load-image", archive);
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
  await recipe(state, "down");
  await rm(join(state, ".."), { recursive: true, force: true });
}

/** Minutes may pass without a word otherwise. */
function say(what: string): void {
  console.log(`node cluster: ${what} (${new Date().toISOString().slice(11, 19)})`);
}
