import type { Effort, Measurement } from "../figure.ts";
import { measureRefresh } from "./refresh.ts";
import { measureTurns } from "./turns.ts";

/** The agent beside model and tools. */
export async function measureAgent({ quick }: Effort): Promise<Measurement> {
  // Twelve are the fewest with a turn that writes: a report without a change would not be taken.
  const turns = quick ? 12 : 60;
  const rounds = quick ? 1 : 21;
  const runs = quick ? 1 : 5;
  const figures = [
    ...(await measureTurns(turns, runs)),
    await measureRefresh(1000, rounds),
    await measureRefresh(quick ? 1000 : 20_000, rounds),
  ];
  return { title: `Agent: ${runs} scripted runs of ${turns} turns, and the patch of a change (medians of ${rounds})`, figures };
}
