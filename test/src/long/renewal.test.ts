import type { Changeset, RunEvent } from "@codybatch/crds";
import { recordKey, recordName, RunRecord } from "@codybatch/crds";
import { resources } from "@codybatch/operator";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "../cluster/deadline.ts";
import { eventsIn, storedEvents, treeOfPatch } from "../faults/records.ts";
import { isTurn } from "../local-mode/claude.ts";
import { agentRuns, containerOf, type Pod, podsOf } from "../node/pod.ts";
import { Stage } from "../node/stage.ts";
import { expectAccounts } from "../real/outcome.ts";
import type { Batch } from "../story/batch.ts";
import { reports, scenario, type Turn, writes } from "../story/model.ts";
import { readIn, type Token, tokenOf } from "./token.ts";

const repository = "acme/slow";
/** Seventeen turns of a minute each; a report of a change is asked for twice. */
const files = 15;
const turns = files + 2;
const turnSeconds = 60;
/** The least that Kubernetes allows. The kubelet renews after four fifths of it. */
const tokenSeconds = 600;

let stage: Stage;
let batch: Batch;
let pod: Pod;
let changeset: Changeset;
let written: readonly RunEvent[];
const tokens: Token[] = [];
beforeAll(async () => {
  const slow = (turn: Turn): Turn => ({ ...turn, delayMs: turnSeconds * 1000 });
  const work = Array.from({ length: files }, (_, index) => slow(writes(`part-${index}.txt`, `part ${index}\n`)));
  stage = await Stage.open({
    name: "long",
    scenarios: [scenario("slow", {}, ...work, slow(reports(true, "Many files")))],
    operator: { CODYBATCH_TOKEN_SECONDS: String(tokenSeconds) },
    runner: {},
  });
  batch = await stage.batch("slow").create([stage.repository(repository)], { agent: { model: "claude-opus-5-5" } });
  pod = await agentRuns(stage, repository);
});
afterAll(() => stage.close());
afterEach(({ task }) => stage.tellFailure(task));

test("the live record of a run of seventeen minutes has each turn before the next one ends", async () => {
  const waits: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    await eventually(`turn ${turn} is asked for`, async () => stage.claude.exchanges.find(isTurn(repository, turn)), {
      seconds: 2 * turnSeconds,
    });
    waits.push(await untilLive(turn));
    tokens.push(await tokenOf(stage, pod));
  }
  written = eventsIn(await readIn(stage, pod, "agent", "/out/transcript.jsonl"));
  changeset = await batch.ends(repository, "Ready", "PatchReady");
  console.log(`long: the live record followed after ${waits.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
  expect(Math.max(...waits)).toBeLessThan(turnSeconds / 2);
});

test("the recorder got a second token while it worked, and its first, which is refused by now, had ended minutes before", async () => {
  const [first] = tokens;
  const last = tokens.at(-1);
  for (const { iat, exp } of tokens) expect(exp - iat).toBe(tokenSeconds);
  expect(last!.iat - first!.iat).toBeGreaterThanOrEqual(0.8 * tokenSeconds - 10);
  const [{ startedAt, finishedAt } = {}] = changeset.status!.attempts!;
  expect(Date.parse(finishedAt!) - Date.parse(startedAt!)).toBeGreaterThan(turns * turnSeconds * 1000);
  expect(Date.parse(finishedAt!) / 1000 - first!.exp).toBeGreaterThan(300);
  const asks = async ({ text }: Token): Promise<string> => {
    const { stdout, stderr } = await (await stage.site.withToken(text))(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"]);
    return `${stdout}${stderr}`;
  };
  expect(await asks(last!)).toMatch(new RegExp(`^system:serviceaccount:${stage.namespace}:`));
  expect(await asks(first!)).toMatch(/Unauthorized|must be logged in/);
});

test("it ends Ready by its first try with every event that the agent wrote, in order and none twice", async () => {
  expect(changeset.status!.attempts).toMatchObject([{ try: 0, outcome: "Reported", pod: pod.metadata.name }]);
  const events = await expectAccounts({ api: stage.api, gates: stage }, changeset);
  expect(events.slice(0, written.length)).toEqual(written);
  expect(written.filter(({ kind }) => kind === "tool").length).toBeGreaterThanOrEqual(turns - 1);
  expect(events.filter(({ kind }) => kind === "tool")).toHaveLength(turns);
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
  const { patch } = changeset.status!;
  expect(await treeOfPatch(stage, repository, patch!)).toBe(patch!.tree);
  const [ended] = await podsOf(stage, repository);
  expect(["recorder", "clone", "agent"].map((name) => containerOf(ended!, name)?.restartCount)).toEqual([0, 0, 0]);
});

/** Waits, for less than a turn, until the live record has the outcome of so many turns. Gives the seconds. */
async function untilLive(turn: number): Promise<number> {
  let found = 0;
  const look = async (): Promise<true | undefined> => {
    found = (await liveEvents().catch(() => [])).filter(({ kind }) => kind === "tool").length;
    return found >= turn ? true : undefined;
  };
  const started = performance.now();
  await eventually(`the live record has ${turn} turns`, look, { seconds: 0.75 * turnSeconds, instead: () => found });
  return (performance.now() - started) / 1000;
}

/** What the live record names; it may be replaced while it is read. */
async function liveEvents(): Promise<readonly RunEvent[]> {
  const live = await stage.api.get(resources.configMaps, recordName.live(pod.metadata.name));
  const { [recordKey.record]: record } = (live?.["data"] ?? {}) as Readonly<Record<string, string>>;
  return record === undefined ? [] : storedEvents(stage, RunRecord.parse(JSON.parse(record)));
}
