import type { Attempt, Changeset } from "@codybatch/crds";
import { nanoUSD } from "@codybatch/crds";
import { expect } from "vitest";
import { inputOf } from "../cluster/pod.ts";
import { billedFor } from "../faults/money.ts";
import { storedEvents, treeOfPatch } from "../faults/records.ts";
import { isTurn, questionOf } from "../local-mode/claude.ts";
import type { Hold } from "../local-mode/gate.ts";
import type { Batch } from "../story/batch.ts";
import { reports, scenario, writes } from "../story/model.ts";
import { agentRuns, type Pod, podsOf } from "./pod.ts";
import type { Stage } from "./stage.ts";

const perTryUSD = "2.00";

/** Two files, one after the other; a try that goes on from the first needs only the second. */
export const twoFiles = {
  ...scenario("two-files", {}, writes("ONE.md", "one\n"), writes("TWO.md", "two\n"), reports(true, "Two files")),
  resumed: [writes("TWO.md", "two\n"), reports(true, "Two files")],
};

/** A try in mid-run: the first file is written, and the answer that brings the second is said and not heard. */
export interface MidRun {
  readonly stage: Stage;
  readonly batch: Batch;
  readonly repository: string;
  readonly pod: Pod;
  readonly held: Hold;
}

/** Runs a batch of its own to the middle of the last repository's first try; the others have ended by then. */
export async function midRun(stage: Stage, name: string, ...ended: readonly string[]): Promise<MidRun> {
  const repository = `${name}/api`;
  const held = stage.claude.hold("after", isTurn(repository, 1));
  const urls = [...ended.map((other) => `${name}/${other}`), repository].map((one) => stage.repository(one));
  const spec = { parallelism: 1, agent: { maxCostUSD: perTryUSD } };
  const batch = await stage.batch(name).create(urls, spec);
  await held.reached();
  return { stage, batch, repository, pod: await agentRuns(stage, repository), held };
}

/** The try was lost, and the next one began with its patch and what was left of its money, and ended the work. Gives the reason of the loss. */
export async function lossOf(run: MidRun): Promise<string> {
  const { stage, batch, repository, pod } = run;
  const changeset = await batch.ends(repository, "Ready");
  const [lost, done, ...more] = changeset.status.attempts!;
  expect(more).toEqual([]);
  expect(lost).toMatchObject({ try: 0, outcome: "InfrastructureFault", pod: pod.metadata.name });
  expect(done).toMatchObject({ try: 1, outcome: "Reported" });
  expect((await storedEvents(stage, done!))[0]).toMatchObject({ kind: "started", resumedFrom: pod.metadata.name });
  const [input] = (await podsOf(stage, repository)).map(inputOf).filter((one) => one.try === 1);
  expect(input!.agent.maxCostNanoUSD).toBe(nanoUSD(perTryUSD) - lost!.chargedNanoUSD);
  await expectWhole(run, changeset);
  return lost!.reason;
}

/** The change is whole, each try had one Job, and the budget bears all that was billed. */
export async function expectWhole(
  { stage, batch, repository }: Pick<MidRun, "stage" | "batch" | "repository">,
  { metadata, spec, status }: Changeset,
): Promise<void> {
  const attempts = status!.attempts!;
  expect(status!.diffStat).toBe("+2 -0");
  expect(await treeOfPatch(stage, spec.repository.name, status!.patch!)).toBe(status!.patch!.tree);
  const jobs = (await batch.jobs()).filter((job) => job.startsWith(metadata.name));
  expect(jobs).toEqual(attempts.map((attempt) => attempt.job));
  expect(status!.chargedNanoUSD).toBe(attempts.reduce((sum, { chargedNanoUSD }) => sum + chargedNanoUSD, 0));
  for (const attempt of attempts) expectCharged(stage, repository, attempt);
}

/** What a try reported is charged as billed; a lost one at least that. */
function expectCharged(stage: Stage, repository: string, { try: number, outcome, chargedNanoUSD }: Attempt): void {
  const own = stage.claude.exchanges.filter((exchange) => questionOf(exchange)?.resumed === number > 0);
  const billed = billedFor(repository, own);
  expect(billed).toBeGreaterThan(0);
  if (outcome === "Reported") expect(chargedNanoUSD).toBe(billed);
  else expect(chargedNanoUSD).toBeGreaterThanOrEqual(billed);
}
