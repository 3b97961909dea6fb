import type { Request } from "../admit.ts";
import type { PublishWish } from "../wish.ts";
import { Starts, type PaceLimits, type Start } from "./window.ts";

/** A publish Job of the last hour. */
export interface PublishStart extends Start {
  readonly namespace: string;
  /** `namespace/name` of its BatchChange. */
  readonly batch: string;
  /** `namespace/name` of the Secret. */
  readonly credential: string;
}

/** What there is room for at the git hosts. */
export interface PublishRoom extends PaceLimits {
  /** Milliseconds since 1970, as all moments here: what is stored outlives a process and its clock. */
  readonly now: number;
  /** Publish Jobs of all batches that run at once. */
  readonly running: number;
  /** Those that run now. */
  readonly runs: number;
  /** Of the last hour, oldest first. */
  readonly starts: readonly PublishStart[];
  /** Credentials whose host wants rest, and until when. */
  readonly held: ReadonlyMap<string, number>;
}

export interface PublishGrants {
  readonly granted: ReadonlySet<PublishWish>;
  /** When each of the others may start if all goes on like this; undefined: when a running one ends. */
  readonly waits: ReadonlyMap<PublishWish, number | undefined>;
}

/** Lets publish Jobs start, one after the other of the namespace and the batch that started the fewest in the last hour, as long as their credentials' pace allows it. */
export function publishGrants(requests: readonly Request[], room: PublishRoom): PublishGrants {
  const { now } = room;
  const turns = new Turns(requests, room);
  const granted = new Set<PublishWish>();
  const waits = new Map<PublishWish, number | undefined>();
  for (let free = room.running - room.runs; free > 0; free -= 1) {
    const next = turns.take((at) => at <= now);
    if (next === undefined) break;
    granted.add(next.wish);
  }
  for (let next = turns.take(() => true); next !== undefined; next = turns.take(() => true)) {
    waits.set(next.wish, next.at > now ? next.at : undefined);
  }
  return { granted, waits };
}

interface Queue {
  readonly namespace: string;
  readonly batch: string;
  readonly createdAt: string;
  readonly wishes: PublishWish[];
}

interface Turn {
  readonly wish: PublishWish;
  readonly at: number;
}

/** Wishes in the order in which they have their turn, each with the time at which the ones before it let it start. */
class Turns {
  readonly #queues: readonly Queue[];
  readonly #room: PublishRoom;
  readonly #starts = new Map<string, Starts>();
  readonly #counts = new Map<string, number>();

  constructor(requests: readonly Request[], room: PublishRoom) {
    const wishesOf = ({ wishes }: Request): PublishWish[] => wishes.filter((wish) => wish.kind === "Publish");
    this.#queues = requests.map((request) => ({ ...request, wishes: wishesOf(request) })).filter(({ wishes }) => wishes.length > 0);
    this.#room = room;
    for (const start of room.starts) this.#count(start.credential, start, start);
  }

  /** The next one whose time will do. */
  take(will: (at: number) => boolean): Turn | undefined {
    for (const queue of this.#inTurn()) {
      const [wish] = queue.wishes;
      if (wish === undefined) continue;
      const at = this.#timeOf(wish);
      if (!will(at)) continue;
      queue.wishes.shift();
      this.#count(wish.credential, { at, content: wish.content }, queue);
      return { wish, at };
    }
    return undefined;
  }

  #inTurn(): readonly Queue[] {
    const count = (key: string): number => this.#counts.get(key) ?? 0;
    return this.#queues
      .filter(({ wishes }) => wishes.length > 0)
      .toSorted(
        (left, right) =>
          count(`namespace ${left.namespace}`) - count(`namespace ${right.namespace}`) ||
          count(`batch ${left.batch}`) - count(`batch ${right.batch}`) ||
          (left.createdAt < right.createdAt ? -1 : left.createdAt > right.createdAt ? 1 : 0) ||
          (left.batch < right.batch ? -1 : 1),
      );
  }

  #timeOf({ credential, content }: PublishWish): number {
    const { now, held } = this.#room;
    return this.#startsOf(credential).earliest(content, Math.max(now, held.get(credential) ?? now));
  }

  #count(credential: string, start: Start, { namespace, batch }: Pick<Queue, "namespace" | "batch">): void {
    this.#startsOf(credential).add(start);
    for (const key of [`namespace ${namespace}`, `batch ${batch}`]) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  #startsOf(credential: string): Starts {
    const known = this.#starts.get(credential) ?? new Starts(this.#room);
    this.#starts.set(credential, known);
    return known;
  }
}
