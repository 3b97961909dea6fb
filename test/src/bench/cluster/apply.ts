import { setTimeout as pause } from "node:timers/promises";
import { loadConfig, resources } from "@codybatch/operator";
import { eventually } from "../../cluster/deadline.ts";
import type { Figure } from "../figure.ts";
import { mebibytes, perSecond, seconds } from "../figure.ts";
import { inFlight } from "../in-flight.ts";
import { OperatorUnderTest } from "../operator.ts";
import type { Memory } from "../operator.ts";
import { inFolder } from "../program.ts";
import { median } from "../statistics.ts";
import { BareApply } from "./bare-apply.ts";
import type { StatusWrites } from "./bare-apply.ts";
import { BareClient } from "./bare-client.ts";
import { batchesOf, limitsEnv } from "./batches.ts";
import type { Size } from "./batches.ts";
import type { Plane } from "./plane.ts";
import { shares } from "./share.ts";

/** Requests that the operator has under way at once, by its own default; the bare client has as many. */
const { connections } = loadConfig({ CODYBATCH_API_URL: "http://127.0.0.1" }).requests;

interface Turn {
  /** Milliseconds from the first BatchChange to the last Job. */
  readonly elapsed: number;
  readonly statuses: StatusWrites;
  readonly operator: Memory;
  readonly effort: Effort;
}

/** What the operator spends from the first BatchChange to the last Job. */
interface Effort {
  /** Of all its threads. */
  readonly cpuSeconds: number;
  readonly passes: number;
  readonly requests: number;
}

/** One apply of many repositories until all Jobs exist: the operator against a bare client that writes the same, in turns at one server. */
export async function measureApply(plane: Plane, size: Size, rounds: number): Promise<readonly Figure[]> {
  const [turns, bare]: [Turn[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    // The second of a pair finds a fuller server: the order changes, once the first round has told what to write.
    const bareFirst = round % 2 === 1;
    const bareTurn = async (): Promise<void> => void bare.push(await applyBare(plane, `bare-${round}`, size, turns[0]!.statuses));
    if (bareFirst) await bareTurn();
    turns.push(await applyByOperator(plane, `operator-${round}`, size));
    if (!bareFirst) await bareTurn();
  }
  return figuresOf(plane, size, turns, bare);
}

function figuresOf(plane: Plane, size: Size, turns: readonly Turn[], bare: readonly number[]): readonly Figure[] {
  const count = size.batches * size.repositories;
  const whole = turns.map(({ elapsed }) => elapsed);
  const each = shares(bare, whole);
  const memory = plane.memory();
  const [last] = turns.slice(-1);
  const statuses = turns.map(({ statuses: { batches, changesets } }) => `${batches} + ${changesets}`).join("; ");
  const rate = (all: readonly number[]): string => `${perSecond(count, median(all))} (${seconds(median(all) / 1000)})`;
  return [
    { what: `${count} repositories in ${size.batches} BatchChanges applied → all Jobs exist, by the operator`, value: rate(whole) },
    { what: `the same objects by a bare client, ${connections} requests under way as the operator's`, value: rate(bare) },
    {
      what: "operator's rate as a share of the bare client's (goal 0.9), of each round; median",
      value: `${each.map((one) => one.toFixed(2)).join(", ")}; ${median(each).toFixed(2)}`,
    },
    { what: "status writes of the operator up to the last Job, of batches + of Changesets, of each round", value: statuses },
    {
      what: "the operator's CPU time up to the last Job, of each round; passes; requests",
      value: [
        turns.map(({ effort }) => seconds(effort.cpuSeconds)).join(", "),
        turns.map(({ effort }) => effort.passes).join(", "),
        turns.map(({ effort }) => effort.requests).join(", "),
      ].join("; "),
    },
    { what: "the operator's RSS at its last Job; peak", value: `${mebibytes(last!.operator.resident)}; ${mebibytes(last!.operator.peak)}` },
    { what: "the API server's RSS after all rounds; peak", value: `${mebibytes(memory.resident)}; ${mebibytes(memory.peak)}` },
  ];
}

async function applyByOperator(plane: Plane, namespace: string, size: Size): Promise<Turn> {
  await plane.makeNamespace(namespace);
  return inFolder(async (dir) => {
    const env = { KUBECONFIG: plane.kubeconfig, CODYBATCH_WATCH_NAMESPACES: namespace, ...limitsEnv };
    const operator = await OperatorUnderTest.start(dir, env);
    try {
      await operator.working();
      const before = await effortOf(operator);
      const startedAt = performance.now();
      const jobs = untilJobs(plane, namespace, size);
      await inFlight(batchesOf(size), connections, async (batch) => {
        await plane.client.create(resources.batchChanges, namespace, batch);
      });
      const elapsed = (await jobs) - startedAt;
      const effort = spentSince(before, await effortOf(operator));
      const writes = await operator.byLabel("codybatch_writes_total");
      const statuses = { batches: writes.get("PatchBatchStatus") ?? 0, changesets: writes.get("PatchChangesetStatus") ?? 0 };
      return { elapsed, statuses, effort, operator: operator.memory() };
    } finally {
      await operator.stop();
      await untilCalm(plane, namespace, size);
    }
  });
}

async function effortOf(operator: OperatorUnderTest): Promise<Effort> {
  return {
    cpuSeconds: await operator.metric("process_cpu_seconds_total"),
    passes: await operator.metric("controller_runtime_reconcile_total"),
    requests: await operator.metric("rest_client_requests_total"),
  };
}

function spentSince(before: Effort, after: Effort): Effort {
  return {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    passes: after.passes - before.passes,
    requests: after.requests - before.requests,
  };
}

async function applyBare(plane: Plane, namespace: string, size: Size, statuses: StatusWrites): Promise<number> {
  await plane.makeNamespace(namespace);
  const client = new BareClient(plane.endpoint, connections);
  try {
    const bare = new BareApply(client, namespace, connections);
    // Asked as often as in the operator's turn, and for nothing: it ends when the last write is answered.
    const jobs = untilJobs(plane, namespace, size);
    await bare.apply(batchesOf(size), statuses);
    await jobs;
    return bare.elapsed;
  } finally {
    await client.close();
    await untilCalm(plane, namespace, size);
  }
}

/** When, by `performance.now()`, the namespace first had all Jobs; looks 20 times a second. */
async function untilJobs(plane: Plane, namespace: string, size: Size): Promise<number> {
  await eventually(`${namespace} has its Jobs`, async () => (await has(plane, namespace, "jobs", size)) || undefined, { seconds: 600 });
  return performance.now();
}

/** The Job controller has made all pods, which nobody schedules, and has written it down. */
async function untilCalm(plane: Plane, namespace: string, size: Size): Promise<void> {
  await eventually(`${namespace} has its pods`, async () => (await has(plane, namespace, "pods", size)) || undefined, { seconds: 300 });
  await pause(2000);
}

async function has(plane: Plane, namespace: string, kind: "jobs" | "pods", { batches, repositories }: Size): Promise<boolean> {
  const group = kind === "pods" ? "/api/v1" : "/apis/batch/v1";
  return (await plane.count(`${group}/namespaces/${namespace}/${kind}`)) >= batches * repositories;
}
