import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { milliseconds } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { inFolder } from "../program.ts";
import { median, quantile } from "../statistics.ts";
import { runAgent } from "./run.ts";
import { askedOf } from "./stand-in.ts";
import type { Passed } from "./watchmaker.ts";

/** Every tenth turn writes; what it takes beyond is the patch refresh, which is measured apart. */
const everyWrite = 10;

interface Turn {
  readonly tools: readonly { readonly name: string; readonly input: object }[];
}

function scriptOf(turns: number): readonly Turn[] {
  const steps = Array.from({ length: turns - 2 }, (_, step): Turn => {
    const write = { name: "write_file", input: { path: `made/${step}.txt`, content: `${step}\n`.repeat(20) } };
    const read = { name: "read_file", input: { path: `file-${step}.txt` } };
    return { tools: [step % everyWrite === everyWrite - 1 ? write : read] };
  });
  const report = { wereChangesNecessary: true, summary: "Made files.", explanation: "As asked." };
  return [...steps, { tools: [{ name: "report_result", input: report }] }];
}

/** Milliseconds between answer and next request, in the turns that only read. */
interface Round {
  /** The tools' time taken off. */
  readonly agent: readonly number[];
  readonly bare: readonly number[];
}

/**
 * What the agent takes between an answer's last byte and the next request's last byte, its tools' time taken off, in turns that only read, and
 * what a client takes that only sends the same requests: what is between the two is the runner's own. Each is a whole process, the stand-in
 * another, in turns; the first round warms up who measures.
 */
export async function measureTurns(turns: number, rounds: number): Promise<readonly Figure[]> {
  const taken: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) taken.push(await inFolder((dir) => takeRound(dir, turns)));
  return figuresOf(taken.slice(1));
}

async function takeRound(dir: string, turns: number): Promise<Round> {
  const scenario = join(dir, "scenario.yaml");
  writeFileSync(scenario, JSON.stringify({ name: "long", turns: scriptOf(turns) }));
  const [withAgent, withBare] = [join(dir, "agent"), join(dir, "bare")];
  for (const folder of [withAgent, withBare]) mkdirSync(folder);
  const { passed, tools } = await runAgent(withAgent, scenario, turns);
  const again = await askedOf(withBare, scenario, (url) => replay(withBare, passed, url));
  if (again.length !== passed.length) throw new Error(`${again.length} of ${passed.length} requests were sent again`);
  const reads = passed.flatMap(({ afterMs }, turn) => (tools.get(turn)?.wrote === false && afterMs !== undefined ? [turn] : []));
  return {
    agent: reads.map((turn) => Math.max(0, (passed[turn]?.afterMs ?? Number.NaN) - (tools.get(turn)?.ms ?? 0))),
    bare: reads.map((turn) => again[turn]?.afterMs ?? Number.NaN),
  };
}

async function replay(dir: string, requests: readonly Passed[], url: string): Promise<void> {
  const file = join(dir, "requests.json");
  writeFileSync(file, JSON.stringify(requests));
  const args = [fileURLToPath(new URL("./bare-client.ts", import.meta.url)), file, url];
  const child = spawn(process.execPath, args, { env: { PATH: process.env["PATH"] }, stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  if (child.exitCode !== 0) throw new Error(`the bare client ended with ${child.exitCode}`);
}

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const agent = rounds.flatMap((round) => round.agent);
  const bare = rounds.flatMap((round) => round.bare);
  const own = (share: number): string => milliseconds(quantile(agent, share) - quantile(bare, share));
  const both = (values: readonly number[]): string => `${milliseconds(median(values))}; ${milliseconds(quantile(values, 0.95))}`;
  const each = rounds.map((round) => milliseconds(median(round.agent) - median(round.bare)));
  return [
    {
      what: `answer's last byte → next request's last byte, its tools' time taken off: the agent, p50; p95 (n = ${agent.length})`,
      value: both(agent),
    },
    { what: "the same of a client that only sends the same requests, p50; p95", value: both(bare) },
    {
      what: "the runner's own time per turn beyond model, tools and patch refresh: the difference of the two, p50 (goal 3 ms); p95; p50 of each run",
      value: `${own(0.5)}; ${own(0.95)}; ${each.join(", ")}`,
    },
  ];
}
