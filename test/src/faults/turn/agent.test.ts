import { annotation } from "@codybatch/crds";
import type { Attempt, RunEvent } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { beforeAll, describe, expect, test } from "vitest";
import type { LocalMode } from "../../local-mode/index.ts";
import { step } from "../moments.ts";
import { storedEvents, storedProgress, storedResult, treeOfPatch, writtenEvents } from "../records.ts";
import { checkRepository } from "../run.ts";
import type { Fault } from "../run.ts";
import { rows } from "./rows.ts";
import { perRunNanoUSD, runStruck } from "./scene.ts";
import type { Strike } from "./scene.ts";

const killed = (index: number): string => `acme/killed-${index}`;
const asked = (index: number): string => `acme/asked-${index}`;
const last = { killedBefore: "acme/killed-before", killedAfter: "acme/killed-after", askedBefore: "acme/asked-before" };

/** What an agent had written down when it was killed; its folder goes when the batch has many failed Jobs. */
const written = new Map<string, readonly RunEvent[]>();

function killAgent(repository: string): Fault {
  return async (on) => {
    const { podDir } = await on.killContainer(repository, "agent");
    written.set(repository, writtenEvents(podDir));
  };
}

/** As an eviction does; settles when the agent knows of it. */
function deletePod(repository: string): Fault {
  return async (on) => {
    const heard = on.gates.steps.hold("before", step(repository, { when: "after", act: "signal", name: "SIGTERM" }).fits);
    const pods = await on.api.list(resources.pods);
    const own = pods.find(({ metadata, ...pod }) => {
      const isOwn = metadata.annotations?.[annotation.input]?.includes(`"${repository}"`) === true;
      return isOwn && (pod["status"] as { phase?: string } | undefined)?.phase === "Running";
    });
    await on.api.remove(resources.pods, own!.metadata.name);
    await heard.reached();
    heard.release();
  };
}

const result = (repository: string, when: "before" | "after") => step(repository, { when, act: "put", name: "result.json" });
const strikes: readonly Strike[] = [
  ...rows.map(({ at }, index) => ({ repository: killed(index), at: at(killed(index)), blow: killAgent(killed(index)) })),
  ...rows.map(({ at }, index) => ({ repository: asked(index), at: at(asked(index)), blow: deletePod(asked(index)) })),
  { repository: last.killedBefore, at: result(last.killedBefore, "before"), blow: killAgent(last.killedBefore) },
  { repository: last.killedAfter, at: result(last.killedAfter, "after"), blow: killAgent(last.killedAfter) },
  { repository: last.askedBefore, at: result(last.askedBefore, "before"), blow: deletePod(last.askedBefore) },
];

let run: Awaited<ReturnType<typeof runStruck>>;
let local: LocalMode;
beforeAll(async () => {
  run = await runStruck(strikes);
  local = run.local;
}, 1_000_000);

async function attemptsOf(repository: string): Promise<readonly Attempt[]> {
  expect(run.missed.get(repository)).toBeUndefined();
  return checkRepository(local, repository);
}

interface Tries {
  /** The try that was ended. */
  readonly lost: Attempt;
  /** The one after it, with what is left of the budget. */
  readonly done: Attempt;
}

async function triesOf(repository: string): Promise<Tries> {
  const [lost, done, ...more] = await attemptsOf(repository);
  expect(more).toEqual([]);
  expect(lost).toMatchObject({ try: 0, outcome: "InfrastructureFault" });
  expect(done).toMatchObject({ try: 1, outcome: "Reported" });
  const job = await local.api.get(resources.jobs, done!.job);
  expect(job!.metadata.annotations![annotation.reservedNanoUSD]).toBe(String(perRunNanoUSD - lost!.chargedNanoUSD));
  return { lost: lost!, done: done! };
}

/** The patch of the ended try gives the tree that it names, and the next try says that it began there. */
async function checkHandedOn(repository: string, { lost, done }: Tries, files: number): Promise<void> {
  const [began] = await storedEvents(local, done);
  const { resumedFrom } = { resumedFrom: undefined, ...began };
  const tree = lost.patch && (await treeOfPatch(local, repository, lost.patch));
  expect({ tree, resumedFrom }).toEqual(files === 0 ? {} : { tree: lost.patch!.tree, resumedFrom: lost.pod });
}

const cases = rows.map((row, index) => ({ ...row, index }));

describe("the agent is killed while", () => {
  test.each(cases)("$moment", async ({ index, last: [kind, number], killed: { files, counted, inFlight } }) => {
    const { lost, done } = await triesOf(killed(index));
    expect(lost.reason).toBe("AgentCrashed");
    const events = await storedEvents(local, lost);
    expect(events).toEqual(written.get(killed(index)));
    expect(events.at(-1)).toMatchObject({ kind, turn: number });
    const { usage, inFlightNanoUSD, patch } = await storedProgress(local, lost);
    expect({ counted: usage.turns, inFlight: inFlightNanoUSD! > 0, files: patch?.filesChanged ?? 0 }).toEqual({ counted, inFlight, files });
    expect(lost.chargedNanoUSD).toBe(usage.costNanoUSD! + inFlightNanoUSD!);
    await checkHandedOn(killed(index), { lost, done }, files);
  });

  test("its result is about to take its place: the next try reports the change that is there", async () => {
    const { lost, done } = await triesOf(last.killedBefore);
    expect((await storedEvents(local, lost)).at(-1)).toMatchObject({ kind: "ended", reason: "Reported" });
    await checkHandedOn(last.killedBefore, { lost, done }, 3);
    expect(done.patch!.tree).toBe(lost.patch!.tree);
  });

  test("its result is in place and nobody knows: nothing is done again", async () => {
    expect(await attemptsOf(last.killedAfter)).toMatchObject([{ try: 0, outcome: "Reported" }]);
  });
});

describe("the agent is asked to end while", () => {
  test.each(cases)("$moment", async ({ index, asked: { files, counted, inFlight } }) => {
    const { lost, done } = await triesOf(asked(index));
    expect(lost.reason).toBe("PodDeleted");
    const events = await storedEvents(local, lost);
    expect(events.at(-1)).toMatchObject({ kind: "ended", reason: "Interrupted" });
    const { reason, usage, patch } = await storedResult(local, lost);
    expect({ reason, counted: usage.turns, files: patch?.filesChanged ?? 0 }).toEqual({ reason: "Interrupted", counted, files });
    expect(lost.chargedNanoUSD).toBe(usage.costNanoUSD);
    const heard = events.reduce((sum, one) => sum + (one.kind === "assistant" ? one.usage.costNanoUSD! : 0), 0);
    expect(usage.costNanoUSD! > heard).toBe(inFlight);
    await checkHandedOn(asked(index), { lost, done }, files);
  });

  test("its result is about to take its place: nothing is done again", async () => {
    expect(await attemptsOf(last.askedBefore)).toMatchObject([{ try: 0, outcome: "Reported" }]);
  });
});

test("nothing is left running", async () => {
  expect(await local.stop()).toEqual({ running: [], strays: [] });
});
