import { publishGrants, type PublishGrants, type PublishRoom } from "./pace/grants.ts";
import type { Action, PublishWish, StartWish, Wish } from "./wish.ts";

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
  /** Absent: no publish Job starts. */
  readonly publishing?: PublishRoom | undefined;
}

export interface Admission {
  /** What each batch may do now, in the order of its wishes. */
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  /** Batches with a start that was granted. */
  readonly granted: ReadonlySet<string>;
  /** Batches with a start that was not granted. */
  readonly refused: ReadonlySet<string>;
  /** When the first publish Job of a batch that has to wait may start, where only time keeps it. */
  readonly goesOn: ReadonlyMap<string, number>;
}

/**
 * Grants slots among all batches: one after the other to the namespace that holds the fewest, within it to the batch that
 * holds the fewest, then to the older one; and publish Jobs at the pace of their credentials. A refused start becomes the
 * status that says so; everything else passes. While the API server rests, no start is granted and none becomes a status,
 * which would be one write more.
 */
export function admit(requests: readonly Request[], inFlight: readonly InFlight[], room: Room, now: number): Admission {
  const rests = now < (room.restUntil ?? -Infinity);
  const granted = rests ? new Set<StartWish>() : grants(requests, inFlight, room.runningJobs);
  const publishing = rests || room.publishing === undefined ? noGrants : publishGrants(requests, room.publishing);
  const isGranted = (wish: Wish): boolean =>
    (wish.kind === "Start" && granted.has(wish)) || (wish.kind === "Publish" && publishing.granted.has(wish));
  const isRefused = (wish: Wish): boolean => (wish.kind === "Start" || wish.kind === "Publish") && !isGranted(wish);
  const that = (holds: (wish: Wish) => boolean): ReadonlySet<string> =>
    new Set(requests.filter(({ wishes }) => wishes.some(holds)).map(({ batch }) => batch));
  const actionsOf = (wish: Wish): readonly Action[] => {
    if (wish.kind === "Start") return rests ? [] : startOf(wish, granted);
    if (wish.kind === "Publish") return rests ? [] : publishOf(wish, publishing);
    return [wish];
  };
  return {
    actions: new Map(requests.map(({ batch, wishes }) => [batch, wishes.flatMap(actionsOf)])),
    granted: that(isGranted),
    refused: that(isRefused),
    goesOn: goesOn(requests, publishing),
  };
}

const noGrants: PublishGrants = { granted: new Set(), waits: new Map() };

function startOf(wish: StartWish, granted: ReadonlySet<StartWish>): readonly Action[] {
  if (granted.has(wish)) return [...wish.first, wish.job];
  return wish.otherwise === undefined ? [] : [wish.otherwise];
}

function publishOf(wish: PublishWish, { granted, waits }: PublishGrants): readonly Action[] {
  if (granted.has(wish)) return [...wish.first, wish.task];
  const until = waits.get(wish);
  const status = wish.otherwise(until === undefined ? undefined : new Date(until));
  return status === undefined ? [] : [status];
}

function goesOn(requests: readonly Request[], { waits }: PublishGrants): ReadonlyMap<string, number> {
  const moments = requests.map(({ batch, wishes }) => {
    const own = wishes.flatMap((wish) => (wish.kind === "Publish" ? (waits.get(wish) ?? []) : []));
    return [batch, Math.min(...own)] as const;
  });
  return new Map(moments.filter(([, moment]) => moment < Infinity));
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
