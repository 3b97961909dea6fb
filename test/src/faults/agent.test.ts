import type { Changeset, RunEvent } from "@codybatch/crds";
import { beforeAll, expect, test } from "vitest";
import type { LocalMode } from "../local-mode/index.ts";
import { strike, turn, write } from "./moments.ts";
import type { At } from "./moments.ts";
import { storedEvents, storedProgress } from "./records.ts";
import { runScene } from "./run.ts";
import type { Fault, Outcome } from "./run.ts";
import { first, second } from "./scene.ts";

let clean: Outcome;
let cleanSecond: Essence;
beforeAll(async () => {
  clean = await runScene(undefined, async (local) => void (cleanSecond = essenceOf(await changesetOf(local))));
});

/** What the user gets. */
type Essence = Readonly<Record<"phase" | "reason" | "diffStat" | "digest" | "tree" | "result", unknown>>;

function essenceOf({ status }: Changeset): Essence {
  const { phase, reason, diffStat, patch, result } = status!;
  return { phase, reason, diffStat, digest: patch?.digest, tree: patch?.tree, result };
}

async function changesetOf(local: LocalMode): Promise<Changeset> {
  return (await local.api.changeset(second))!;
}

const answers = (events: readonly RunEvent[]): number => events.filter(({ kind }) => kind === "assistant").length;

function killedAt(at: At): Fault {
  return strike(at, async (local) => void (await local.killContainer(second, "agent")));
}

test.each([
  { moment: "it waits for its first answer", at: turn(1), heard: 0, resumes: false },
  { moment: "it is in its second turn", at: turn(2), heard: 1, resumes: false },
  { moment: "it has changed a file and asks what next", at: turn(3), heard: 2, resumes: true },
  { moment: "an answer is said and not heard", at: turn(3, { when: "after" }), heard: 2, resumes: true },
])("the agent is killed when $moment: the next try brings the same change, and the turn in flight counts in full", async (row) => {
  const outcome = await runScene(killedAt(row.at), async (local) => {
    const changeset = await changesetOf(local);
    expect(essenceOf(changeset)).toEqual(cleanSecond);
    const [lost, done, ...more] = changeset.status!.attempts!;
    expect(more).toEqual([]);
    expect(lost).toMatchObject({ try: 0, outcome: "InfrastructureFault", reason: "AgentCrashed" });
    expect(done).toMatchObject({ try: 1, outcome: "Reported" });
    const { usage, inFlightNanoUSD } = await storedProgress(local, lost!);
    expect(inFlightNanoUSD).toBeGreaterThan(0);
    expect(lost!.chargedNanoUSD).toBe(usage.costNanoUSD! + inFlightNanoUSD!);
    expect(usage.turns).toBe(row.heard);
    expect(answers(await storedEvents(local, lost!))).toBe(row.heard);
    expect((await storedEvents(local, done!))[0]).toMatchObject(row.resumes ? { resumedFrom: lost!.pod } : { try: 1 });
  });
  expect(outcome.charged[first]).toBe(clean.charged[first]);
  expect(outcome.counts).toEqual(withFurtherTry(clean.counts, row.resumes));
});

/** A further try is one more Job with its pod and records, and nothing else. A try that changed nothing leaves no patch. */
function withFurtherTry(counts: Outcome["counts"], leavesPatch: boolean): Outcome["counts"] {
  const lost = `create configmaps <${second}>-0-0-pod-patch`;
  const all = Object.entries(counts).flatMap(([name, count]) =>
    name.includes(`<${second}>-0-0`)
      ? [[name, count] as const, [name.replace(">-0-0", ">-0-1"), count] as const]
      : [[name, count] as const],
  );
  return Object.fromEntries(all.filter(([name]) => leavesPatch || name !== lost));
}

test("the agent is killed when its result is in place and not yet stored: nothing is done again", async () => {
  const at = write("recorder", "before", ["POST", /\/configmaps$/, '-result"']);
  const kill: Fault = async (local) => void (await local.killContainer(first, "agent"));
  const outcome = await runScene(strike(at, kill));
  expect(outcome.counts).toEqual(clean.counts);
  expect(outcome.charged).toEqual(clean.charged);
  expect(outcome.picture[`changesets <${first}>`]).toEqual(clean.picture[`changesets <${first}>`]);
});
