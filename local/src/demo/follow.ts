import { setTimeout as wait } from "node:timers/promises";
import type { Cluster } from "./cluster.ts";
import type { Manifest } from "./manifest.ts";
import type { Screen } from "./screen.ts";
import type { Stack } from "./stack.ts";
import { progressLines } from "./table.ts";
import { only, rowsOf, standingOf } from "./view.ts";
import type { Seen, Standing } from "./view.ts";

/** Between two looks, in milliseconds. */
const lookEvery = 400;

export interface Following {
  readonly stack: Stack;
  readonly cluster: Cluster;
  readonly screen: Screen;
  readonly manifests: readonly Manifest[];
  readonly signal: AbortSignal;
}

/** Where lines are not redrawn, what an agent does at the moment would be a flood. */
export async function look({ cluster, manifests, screen }: Following): Promise<Seen> {
  const progress = screen.redraws ? await cluster.progress() : new Map();
  const [batches, changes] = await Promise.all([cluster.batches(), cluster.changes()]);
  return only({ batches, changes, progress }, manifests);
}

/** Shows the progress until nothing is under way any more. Throws when a program ends or the signal comes. */
export async function follow(following: Following): Promise<{ readonly seen: Seen; readonly standing: Standing }> {
  for (;;) {
    following.stack.demandAlive();
    const seen = await look(following);
    const standing = standingOf(seen);
    following.screen.show(progressLines(rowsOf(seen)));
    if (standing.kind !== "working") return { seen, standing };
    await wait(lookEvery, undefined, { signal: following.signal });
  }
}

/** Stays up and shows what the user brings about with kubectl, until the signal comes. */
export async function stay(following: Following): Promise<void> {
  for (;;) {
    following.stack.demandAlive();
    following.screen.show(progressLines(rowsOf(await look(following))));
    await wait(lookEvery, undefined, { signal: following.signal });
  }
}
