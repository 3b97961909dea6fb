import { holds, take, type OpenPurse } from "./purse.ts";

/** A batch that waits for its namespace's quota. */
export interface Waiting {
  /** `namespace/name` of the BatchChange. */
  readonly batch: string;
  /** The least that one of its starts needs, in nano-dollars. */
  readonly needsNanoUSD: number;
}

/** Batches of one namespace in the order in which money that comes free is theirs. */
export type Line = readonly Waiting[];

/**
 * The purse as one batch sees it: what those before it in the line wait for is theirs already, as far as it is there. So a batch whose own
 * runs free money does not take it again and again while another waits.
 */
export function behind(line: Line, batch: string, purse: OpenPurse): OpenPurse {
  const place = line.findIndex((one) => one.batch === batch);
  const ahead = place === -1 ? line : line.slice(0, place);
  return ahead.reduce((left, one) => (holds(left, startOf(one)) ? take(left, startOf(one)) : left), purse);
}

/** The batches that could start something now. */
export function served(line: Line, purse: OpenPurse): readonly string[] {
  const batches: string[] = [];
  let left = purse;
  for (const one of line) {
    if (!holds(left, startOf(one))) continue;
    left = take(left, startOf(one));
    batches.push(one.batch);
  }
  return batches;
}

/** After a pass over a batch: it keeps its place while it gets nothing, goes to the end once it got something and wants more, and leaves when it wants nothing. */
export function afterPass(line: Line, batch: string, { needs, got }: { readonly needs: number | undefined; readonly got: boolean }): Line {
  const others = line.filter((one) => one.batch !== batch);
  if (needs === undefined) return others;
  const one = { batch, needsNanoUSD: needs };
  const place = line.findIndex((known) => known.batch === batch);
  return got || place === -1 ? [...others, one] : line.with(place, one);
}

/** Not a Job's name: nothing is held for it. */
function startOf({ needsNanoUSD }: Waiting) {
  return { job: "", nanoUSD: needsNanoUSD };
}
