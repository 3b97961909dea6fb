import { Bench } from "./bench.ts";

interface Life {
  /** With an operator that stays alive, before the one that dies is started. */
  readonly before?: (bench: Bench) => Promise<void>;
  /** Gives everything that may not differ, whatever died on the way. */
  readonly run: (bench: Bench) => Promise<object>;
  readonly env?: Record<string, string>;
}

interface Lived {
  readonly end: object;
  /** False: the run was over before that write. */
  readonly died: boolean;
  /** How many the operator and its successor have made, Events left out. */
  readonly writes: number;
}

/** Runs it with an operator that dies after so many writes, Events included, and with a successor from then on. */
export async function runWithDeath(writes: number, { before, run, env = {} }: Life): Promise<Lived> {
  const bench = await Bench.open();
  try {
    if (before !== undefined) await prepare(bench, before, env);
    const prepared = bench.writes;
    await bench.startOperator({ writes, env });
    const ended = run(bench);
    ended.catch(() => undefined);
    const died = await Promise.race([bench.death.then(() => true), ended.then(() => false)]);
    if (died) {
      await bench.killOperator();
      await bench.startOperator({ env });
    }
    return { end: await ended, died, writes: bench.writes - prepared };
  } finally {
    await bench.close();
  }
}

async function prepare(bench: Bench, before: (bench: Bench) => Promise<void>, env: Record<string, string>): Promise<void> {
  await bench.startOperator({ env });
  await before(bench);
  await bench.killOperator();
}
