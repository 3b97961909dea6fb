import type { Action, StartWish, Wish } from "./wish.ts";

/** The wishes of one batch. */
export interface Request {
  /** `namespace/name` of the BatchChange. */
  readonly batch: string;
  readonly namespace: string;
  readonly createdAt: string;
  readonly wishes: readonly Wish[];
}

/** A Job that holds a slot. */
export interface InFlight {
  readonly namespace: string;
  /** `namespace/name` of its BatchChange. */
  readonly batch: string;
  readonly job: string;
}

/** What the cluster has room for. */
export interface Room {
  /** Jobs of all batches together. */
  readonly runningJobs: number;
  /** The API server has asked for rest: until then nothing starts, on the same clock as `now`. */
  readonly restUntil?: number;
}

export interface Admission {
  /** What each batch may do now, in the order of its wishes. */
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  /** Batches with a start that was not granted. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Grants slots among all batches: one after the other to the namespace that holds the fewest, within it to the batch that
 * holds the fewest, then to the older one. A refused start becomes the status that says so; everything else passes.
 * While the API server rests, no start is granted and none becomes a status, which would be one write more.
 */
export function admit(requests: readonly Request[], inFlight: readonly InFlight[], room: Room, now: number): Admission {
  const rests = now < (room.restUntil ?? -Infinity);
  const granted = rests ? new Set<StartWish>() : grants(requests, inFlight, room.runningJobs);
  const refused = new Set<string>();
  const actions = new Map<string, readonly Action[]>();
  for (const { batch, wishes } of requests) {
    actions.set(
      batch,
      wishes.flatMap((wish) => {
        if (wish.kind !== "Start") return [wish];
        return rests ? [] : startOf(wish, granted);
      }),
    );
    if (wishes.some((wish) => wish.kind === "Start" && !granted.has(wish))) refused.add(batch);
  }
  return { actions, refused };
}

function startOf(wish: StartWish, granted: ReadonlySet<StartWish>): readonly Action[] {
  if (granted.has(wish)) return [...wish.first, wish.job];
  return wish.otherwise === undefined ? [] : [wish.otherwise];
}

interface Queue {
  readonly namespace: string;
  readonly batch: string;
  readonly createdAt: string;
  readonly starts: StartWish[];
}

function grants(requests: readonly Request[], inFlight: readonly InFlight[], runningJobs: number): ReadonlySet<StartWish> {
  const granted = new Set<StartWish>();
  const held = new Map<string, number>();
  const hold = (key: string): void => void held.set(key, (held.get(key) ?? 0) + 1);
  for (const { namespace, batch } of inFlight) [`namespace ${namespace}`, `batch ${batch}`].forEach(hold);
  const queues: Queue[] = requests.map(({ wishes, ...rest }) => ({ ...rest, starts: wishes.filter((wish) => wish.kind === "Start") }));
  for (let free = runningJobs - inFlight.length; free > 0; free -= 1) {
    const next = fairest(queues, held);
    const wish = next?.starts.shift();
    if (next === undefined || wish === undefined) break;
    granted.add(wish);
    [`namespace ${next.namespace}`, `batch ${next.batch}`].forEach(hold);
  }
  return granted;
}

function fairest(queues: readonly Queue[], held: ReadonlyMap<string, number>): Queue | undefined {
  const waiting = queues.filter(({ starts }) => starts.length > 0);
  const slots = (key: string): number => held.get(key) ?? 0;
  return waiting.toSorted(
    (left, right) =>
      slots(`namespace ${left.namespace}`) - slots(`namespace ${right.namespace}`) ||
      slots(`batch ${left.batch}`) - slots(`batch ${right.batch}`) ||
      compare(left.createdAt, right.createdAt) ||
      compare(left.batch, right.batch),
  )[0];
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
