import type { StreamMessage } from "@codybatch/dashboard-contract";
import type { Clock } from "@codybatch/operator";
import type { Rights } from "../access/rights.ts";
import type { Viewer } from "../access/viewer.ts";
import { batchRow } from "../list/batches.ts";
import { repositoryRow } from "../list/repositories.ts";
import type { Catalogue } from "../watch/catalogue.ts";
import type { ObjectChange } from "../watch/change-log.ts";
import { concerns, hearingOf, refusalFor, type Hearing } from "./audience.ts";
import { Dirty } from "./dirty.ts";
import type { LiveTranscripts } from "./live.ts";
import type { Sender } from "./sender.ts";
import type { Topic } from "./topic.ts";

export type EndReason = Extract<StreamMessage, { kind: "end" }>["reason"];

export interface ConnectionOptions {
  readonly catalogue: Catalogue;
  readonly rights: Rights;
  readonly live: LiveTranscripts;
  readonly clock: Clock;
  readonly sender: Sender;
  readonly topics: readonly Topic[];
  /** Id up to which the browser has everything. */
  readonly since: string | undefined;
  /** Milliseconds between two messages about one object. */
  readonly coalesce: number;
  readonly onEnd: (reason: EndReason) => void;
}

/** What one tab hears: a snapshot of each topic, then every change in it. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #dirty: Dirty;
  readonly #ends: (() => void)[] = [];
  #topics: readonly Topic[];
  #hearing: Hearing;
  #cancelFlush: (() => void) | undefined;
  #isOver = false;

  private constructor(options: ConnectionOptions, hearing: Hearing) {
    this.#options = options;
    this.#topics = options.topics;
    this.#hearing = hearing;
    this.#dirty = new Dirty(options.coalesce);
  }

  static async open(options: ConnectionOptions, viewer: Viewer): Promise<Connection> {
    const connection = new Connection(options, await hearingOf(options, viewer, options.topics));
    connection.#begin();
    return connection;
  }

  /** Looks at the rights again; topics that were lost are refused. */
  async recheck(viewer: Viewer): Promise<void> {
    this.#hearing = await hearingOf(this.#options, viewer, this.#topics);
    if (!this.#isOver) this.#refuse();
  }

  beat(): void {
    if (this.#isOver) return;
    if (this.#options.sender.isSlow) this.end("TooSlow");
    else this.#options.sender.beat();
  }

  /** Says goodbye; the browser comes back by itself unless the session is over. */
  end(reason: EndReason): void {
    if (this.#isOver) return;
    this.#options.sender.send({ kind: "end", reason });
    this.#options.sender.end();
    this.close();
    this.#options.onEnd(reason);
  }

  /** Forgets everything; nothing is written afterwards. */
  close(): void {
    this.#isOver = true;
    this.#cancelFlush?.();
    for (const end of this.#ends.splice(0)) end();
  }

  #begin(): void {
    const { catalogue, since } = this.#options;
    const missed = since === undefined ? undefined : catalogue.changesSince(since);
    this.#refuse();
    for (const topic of this.#topics) this.#snapshot(topic, missed !== undefined);
    this.#sayHealth();
    this.#ends.push(catalogue.onChange((change) => this.#take(change)));
    this.#ends.push(catalogue.onTurn(() => this.#sayHealth()));
    for (const change of missed ?? []) this.#take(change);
    for (const topic of this.#topics) this.#follow(topic);
  }

  #refuse(): void {
    const refused = this.#topics.flatMap((topic) => {
      const error = refusalFor(this.#options, this.#hearing, topic);
      return error === undefined ? [] : [{ topic, error }];
    });
    for (const { topic, error } of refused) this.#options.sender.send({ kind: "refused", topic: topic.name, error });
    const lost = new Set(refused.map(({ topic }) => topic.name));
    this.#topics = this.#topics.filter(({ name }) => !lost.has(name));
  }

  #snapshot(topic: Topic, resumed: boolean): void {
    const { catalogue, sender } = this.#options;
    const base = { kind: "snapshot", topic: topic.name, resumed } as const;
    if (topic.kind === "batches") {
      const visible = catalogue
        .batches()
        .filter(({ metadata: { namespace } }) => this.#hearing.list.has(namespace) && (topic.namespace ?? namespace) === namespace);
      sender.send({ ...base, visible: visible.length }, catalogue.version);
      return;
    }
    const mayCost = this.#hearing.cost.has(topic.namespace);
    const batch = topic.kind === "batch" ? catalogue.batch(topic.namespace, topic.batch) : undefined;
    const repository = topic.kind === "repository" ? catalogue.repository(topic.namespace, topic.changeset) : undefined;
    const content = {
      ...(batch === undefined ? {} : { batch: batchRow(batch, mayCost) }),
      ...(repository === undefined ? {} : { repository: repositoryRow(repository, mayCost) }),
    };
    sender.send({ ...base, ...content }, catalogue.version);
  }

  #follow(topic: Topic): void {
    if (topic.kind !== "repository" || this.#hearing.transcript.get(topic.namespace) !== true) return;
    const { catalogue, live, sender } = this.#options;
    const batch = catalogue.repository(topic.namespace, topic.changeset)?.batchChange;
    if (batch === undefined) return;
    const { namespace, changeset } = topic;
    this.#ends.push(
      live.watch({ namespace, batch, changeset }, (growth) => {
        if (this.#hearing.transcript.get(namespace) === true && this.#topics.includes(topic)) sender.send({ ...growth, topic: topic.name });
      }),
    );
  }

  #sayHealth(): void {
    const { staleSince } = this.#options.catalogue.freshness();
    this.#options.sender.send({ kind: "health", ...(staleSince === undefined ? {} : { staleSince }) });
  }

  #take(change: ObjectChange): void {
    if (!this.#topics.some((topic) => concerns(change, topic, this.#hearing))) return;
    this.#dirty.add(change);
    this.#plan();
  }

  /** At the next turn of the loop, so that changes of the same moment are seen together. */
  #plan(): void {
    const wait = this.#dirty.wait(this.#options.clock.now());
    this.#cancelFlush?.();
    this.#cancelFlush = wait === undefined ? undefined : this.#options.clock.after(wait, () => this.#flush());
  }

  #flush(): void {
    const { catalogue, sender, clock } = this.#options;
    if (sender.isSlow) {
      this.end("TooSlow");
      return;
    }
    const due = this.#dirty.take(clock.now());
    const newest = Number(catalogue.version.split("-")[1]);
    const id = catalogue.idOf(this.#dirty.complete(newest));
    for (const change of due) this.#send(change, id);
    this.#plan();
  }

  #send(change: ObjectChange, id: string): void {
    for (const topic of this.#topics) {
      if (concerns(change, topic, this.#hearing)) this.#options.sender.send(this.#messageOf(change, topic.name), id);
    }
  }

  #messageOf({ what, namespace, name }: ObjectChange, topic: string): StreamMessage {
    const { catalogue } = this.#options;
    const mayCost = this.#hearing.cost.has(namespace);
    const batch = what === "batch" ? catalogue.batch(namespace, name) : undefined;
    if (batch !== undefined) return { kind: "batch", topic, row: batchRow(batch, mayCost) };
    const found = what === "repository" ? catalogue.repository(namespace, name) : undefined;
    if (found === undefined) return { kind: "gone", topic, what, namespace, name };
    return { kind: "repository", topic, namespace, batchChange: found.batchChange, row: repositoryRow(found, mayCost) };
  }
}
