import { nanoUSD } from "@codybatch/crds";
import type { Attempt, Changeset } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import type { KubeObject } from "@codybatch/operator";
import { expect } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { patience, podDirOf, startLocalMode } from "../local-mode/index.ts";
import type { LocalMode } from "../local-mode/index.ts";
import { countsOf, historyOf, mostCommitted } from "./history.ts";
import { billedFor } from "./money.ts";
import { namer, pictureOf } from "./picture.ts";
import type { Picture } from "./picture.ts";
import { storedEvents, treeOfPatch, writtenEvents } from "./records.ts";
import { apply, batch, first, scenarios, second } from "./scene.ts";

/** What goes wrong. It places its holds before its first `await`, so that nothing can be missed. */
export type Fault = (local: LocalMode) => Promise<void>;

const noFault: Fault = async () => undefined;

/** What a run came to. */
export interface Outcome {
  readonly picture: Picture;
  /** How often each object was created and deleted. */
  readonly counts: Readonly<Record<string, number>>;
  /** Nano-dollars that count against the budget, by repository. */
  readonly charged: Readonly<Record<string, number>>;
  /** Nano-dollars that a bill would show, by repository. */
  readonly billed: Readonly<Record<string, number>>;
}

/** Runs the scene in a stack of its own, with a fault; checks what must hold after any fault, takes a look, and sees that nothing is left running. */
export async function runScene(fault: Fault = noFault, look: Fault = noFault): Promise<Outcome> {
  const local = await startLocalMode({ scenarios, keepVolumes: true });
  let isWell = false;
  try {
    await Promise.all([fault(local), apply(local)]);
    await local.api.untilComplete(batch);
    await untilQuiet(local);
    const outcome = await outcomeOf(local);
    await checkAlways(local);
    await look(local);
    local.demandAlive();
    isWell = true;
    return outcome;
  } finally {
    if (!isWell) console.error(local.logs());
    const remains = await local.stop();
    if (isWell) expect(remains).toEqual({ running: [], strays: [] });
  }
}

/** The end of a pod and of its Job is told a little after the result. */
export async function untilQuiet(local: LocalMode): Promise<void> {
  await local.untilPodsEnded();
  await eventually(
    "every Job has ended",
    async () => {
      const jobs = await local.api.list(resources.jobs);
      return jobs.every((job) => isFinished(job)) ? true : undefined;
    },
    patience,
  );
}

function isFinished(job: KubeObject): boolean {
  const { conditions = [] } = (job["status"] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
}

async function outcomeOf(local: LocalMode): Promise<Outcome> {
  const changesets = await local.api.changesets();
  const each = (money: (changeset: Changeset) => number): Readonly<Record<string, number>> =>
    Object.fromEntries(changesets.map((changeset) => [changeset.spec.repository.name, money(changeset)]));
  const nameOf = namer(changesets);
  return {
    picture: await pictureOf(
      (kind) => local.api.list(resources[kind]),
      (text) => nameOf(text).replaceAll(local.dir, "<dir>"),
    ),
    counts: countsOf(historyOf(local.dir), nameOf),
    charged: each(({ status }) => status?.chargedNanoUSD ?? 0),
    billed: each(({ spec }) => billedFor(spec.repository.name, local.gates.claude.exchanges)),
  };
}

/** Holds after every fault. */
async function checkAlways(local: LocalMode): Promise<void> {
  const { spec } = (await local.api.batch(batch))!;
  expect(mostCommitted(historyOf(local.dir))).toBeLessThanOrEqual(nanoUSD(spec.budget!.maxCostUSD));
  for (const repository of [first, second]) {
    for (const attempt of await checkRepository(local, repository)) await checkTranscript(local, attempt);
  }
}

/** It is done, nothing of it was paid unseen, and its patch is whole; gives its tries. */
export async function checkRepository(local: LocalMode, repository: string): Promise<readonly Attempt[]> {
  const changeset = (await local.api.changeset(repository))!;
  const { phase, reason, message } = changeset.status ?? {};
  expect({ phase, reason, message }).toMatchObject({ phase: "Ready" });
  expect(changeset.status?.chargedNanoUSD).toBeGreaterThanOrEqual(billedFor(repository, local.gates.claude.exchanges));
  await checkPatch(local, changeset);
  return changeset.status?.attempts ?? [];
}

async function checkPatch(local: LocalMode, { spec, status }: Changeset): Promise<void> {
  expect(await treeOfPatch(local, spec.repository.name, status!.patch!)).toBe(status!.patch!.tree);
}

/** It ends with the last event that the agent finished writing, and a result is its last word. */
async function checkTranscript(local: LocalMode, attempt: Attempt): Promise<void> {
  const stored = await storedEvents(local, attempt);
  expect(stored).toEqual(writtenEvents(podDirOf(local.processesDir, attempt.pod!)!));
  expect(stored[0]?.kind).toBe("started");
  if (attempt.outcome === "Reported") expect(stored.at(-1)).toMatchObject({ kind: "ended", reason: "Reported" });
}
