import { recordKey, recordName } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import { beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { patience } from "../local-mode/index.ts";
import type { LocalMode, Part } from "../local-mode/index.ts";
import { strike, turn, write } from "./moments.ts";
import { runScene } from "./run.ts";
import type { Outcome } from "./run.ts";
import { batch, second } from "./scene.ts";

let clean: Outcome;
beforeAll(async () => {
  clean = await runScene();
});

const all: readonly Part[] = ["server", "processes", "operator"];

async function killAll(local: LocalMode): Promise<void> {
  for (const part of all.toReversed()) await local.kill(part);
}

async function startAll(local: LocalMode): Promise<void> {
  for (const part of all) await local.restart(part);
}

test.each([
  { moment: "the agent is in its second turn", at: turn(2) },
  {
    moment: "a result is stored and not yet in status",
    at: write("operator", "before", ["PATCH", /\/changesets\/.*\/status$/, '"Reported"']),
  },
])("server, process runner and operator are killed together when $moment", async ({ at }) => {
  const kill = strike(at, async (local) => {
    await killAll(local);
    await startAll(local);
  });
  expect(await runScene(kill)).toEqual(clean);
});

test("the whole machine dies: what the lost pod may have cost counts in full, and work goes on from its last patch once there is budget", async () => {
  const die = strike(turn(4), async (local) => {
    await untilLivePatch(local);
    await killAll(local);
    await local.killPods();
    await startAll(local);
    await local.api.untilBatch(batch, "is out of budget", ({ status }) => status?.conditions?.some(isOutOfBudget) === true, patience);
    expect(await local.api.list(resources.jobs)).toHaveLength(2);
    await local.api.patch(resources.batchChanges, batch, { spec: { budget: { maxCostUSD: "1.00" } } });
  });
  await runScene(die, async (local) => {
    const { status } = (await local.api.changeset(second))!;
    const [lost, done, ...more] = status!.attempts!;
    expect(more).toEqual([]);
    expect(lost).toMatchObject({ try: 0, outcome: "InfrastructureFault", chargedNanoUSD: 400_000_000 });
    expect(done).toMatchObject({ try: 1, outcome: "Reported" });
    expect(status!.chargedNanoUSD).toBe(lost!.chargedNanoUSD + done!.chargedNanoUSD);
  });
});

function isOutOfBudget({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === "BudgetExceeded" && status === "True";
}

/** What the pod did so far is stored: only the second repository's change has two files, and has both before its fourth turn. */
async function untilLivePatch(local: LocalMode): Promise<void> {
  const filesChanged = (object: KubeObject): number => {
    const { [recordKey.progress]: text = "{}" } = (object["data"] ?? {}) as Readonly<Record<string, string>>;
    return (JSON.parse(text) as { patch?: { filesChanged: number } }).patch?.filesChanged ?? 0;
  };
  const look = async (): Promise<true | undefined> => {
    const records = await local.api.list(resources.configMaps);
    return records.some((record) => record.metadata.name.endsWith(recordName.live("")) && filesChanged(record) === 2) ? true : undefined;
  };
  await eventually("the live state has the patch of both files", look, patience);
}
