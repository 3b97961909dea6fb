import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Changeset } from "@codybatch/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../cluster/deadline.ts";
import { isTurn } from "../local-mode/claude.ts";
import { expectAccounts, expectAppliesTo, untilReady } from "../real/outcome.ts";
import { changed, namesMaintainers } from "../real/scenario.ts";
import { countFiles, makeRepository, realSources } from "../real/sources.ts";
import { type Consumption, Consumptions } from "./consumption.ts";
import { containerOf, type Pod, podsOf } from "./pod.ts";
import { Stage } from "./stage.ts";

/** The price that the accounts are checked against. */
const spec = { prompt: "Say in the README who maintains this.", agent: { model: "claude-opus-5-5" }, parallelism: 3 };
/** Of seven; the report is asked for a second time. */
const lastTurn = 6;
const names = realSources.map(({ name }) => name);
const consumed = new Consumptions();
let stage: Stage;
const changesets = new Map<string, Changeset>();
const unpacked = new Map<string, string>();
beforeAll(async () => {
  const scenarios = realSources.map(({ name, heading }) => namesMaintainers(name, heading));
  stage = await Stage.open({ name: "real", scenarios, runner: {} });
  for (const { name, unpack } of realSources) {
    const folder = join(stage.dir, "unpacked", name);
    mkdirSync(folder, { recursive: true });
    unpacked.set(name, await unpack(folder));
    await repositoryAt(join(stage.dir, "repositories", `${name}.git`), name);
  }
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

/** A git repository of a source as it was published; the same files are the same commit. */
async function repositoryAt(root: string, name: string): Promise<string> {
  mkdirSync(dirname(root), { recursive: true });
  cpSync(unpacked.get(name)!, root, { recursive: true, verbatimSymlinks: true });
  await makeRepository(root);
  return root;
}

test("published sources served over HTTP become Ready with the chart's own requests and limits", async () => {
  const holds = names.map((name) => stage.claude.hold("before", isTurn(name, lastTurn)));
  await stage.batch("published").create(
    names.map((name) => stage.url(name)),
    spec,
  );
  const isHeld = (name: string): boolean => stage.claude.exchanges.some(isTurn(name, lastTurn));
  await whileLooking("all agents are about to end", () => names.every(isHeld));
  for (const { release } of holds) release();
  let left = names.length;
  const end = async (name: string): Promise<void> => {
    changesets.set(name, await untilReady(stage, "published", name));
    left -= 1;
  };
  await Promise.all([...names.map(end), whileLooking("all changes are over", () => left === 0)]);
  expect(await stage.batch("published").reaches("Succeeded")).toMatchObject({ progress: "3/3", counts: { ready: 3 } });
});

test("each patch turns a fresh unpack into the recorded tree, and the accounts are what was served", async () => {
  const counts: number[] = [];
  for (const name of names) {
    const changeset = changesets.get(name)!;
    const fresh = await repositoryAt(join(stage.dir, "fresh", name), name);
    counts.push(await countFiles(fresh));
    await expectAppliesTo(fresh, stage, changeset, changed);
    await expectAccounts({ api: stage.api, gates: stage }, changeset);
  }
  expect(counts).toEqual([10_877, 1054, 235]);
});

test("no container came to its limit of memory, was killed or had to wait for a share of CPU", async () => {
  for (const name of names) {
    const [pod] = await podsOf(stage, name);
    for (const container of ["clone", "agent", "recorder"]) {
      const { limitMiB, used, restartCount } = await consumedBy(name, pod!, container);
      expect(used).toMatchObject({ limitBytes: limitMiB * 2 ** 20, refused: 0, killed: 0, throttled: 0 });
      expect(used.peakBytes).toBeLessThan(used.limitBytes);
      expect(restartCount).toBe(0);
    }
  }
});

interface Share {
  readonly used: Consumption;
  readonly restartCount: number;
  readonly limitMiB: number;
}

const Resources = z.object({
  requests: z.object({ cpu: z.string(), memory: z.string() }),
  limits: z.object({ memory: z.string(), cpu: z.string().optional() }),
});

/** Prints what it took of what the chart gives it, as a row of docs/benchmarks.md. */
async function consumedBy(name: string, pod: Pod, container: string): Promise<Share> {
  const { containerID, restartCount } = containerOf(pod, container)!;
  const used = consumed.of(containerID);
  const where = `{.spec['initContainers','containers'][?(@.name=="${container}")].resources}`;
  const { stdout } = await stage.kubectl("get", "pod", pod.metadata.name, "-o", `jsonpath=${where}`);
  const { requests, limits } = Resources.parse(JSON.parse(stdout));
  const size = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  const cells = [name, container, requests.cpu, requests.memory, limits.memory, size(used.ownBytes), size(used.peakBytes)];
  console.log(`real: | ${[...cells, `${used.cpuSeconds.toFixed(1)} s`].join(" | ")} |`);
  return { used, restartCount, limitMiB: inMiB(limits.memory) };
}

function inMiB(amount: string): number {
  return Number.parseInt(amount, 10) * (amount.endsWith("Gi") ? 1024 : 1);
}

/** The kernel forgets a container that ends, so each must be looked at until then. */
async function whileLooking(what: string, isSo: () => boolean): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    consumed.look();
    return isSo() ? true : undefined;
  };
  await eventually(what, look, { seconds: 300 });
}
