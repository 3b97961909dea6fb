import type { Clock, Log } from "@codybatch/operator";
import type { Request, Response } from "express";
import type { Door } from "../access/door.ts";
import type { Rights } from "../access/rights.ts";
import { keyOf, type Viewer } from "../access/viewer.ts";
import { Refusal } from "../http/refusal.ts";
import type { DashboardMetrics } from "../metrics.ts";
import type { Catalogue } from "../watch/catalogue.ts";
import { Connection, type EndReason } from "./connection.ts";
import type { LiveTranscripts } from "./live.ts";
import { Sender } from "./sender.ts";
import { topicOf } from "./topic.ts";

export interface StreamsOptions {
  readonly catalogue: Catalogue;
  readonly rights: Rights;
  readonly door: Door;
  readonly live: LiveTranscripts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: DashboardMetrics;
  readonly most: number;
  /** Milliseconds. */
  readonly heartbeat: number;
  readonly coalesce: number;
  readonly recheck: number;
}

export interface Wanted {
  readonly topics: readonly string[];
  readonly since: string | undefined;
}

/** One tab needs one; more than these are a mistake or worse. */
const mostOfOneViewer = 50;

/** Every open stream: its heartbeat, its viewer's rights, its end. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #open = new Map<Connection, string>();
  #isClosing = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /** Answers a request with a stream that lasts until one side ends it. */
  async answer(request: Request, response: Response, viewer: Viewer, { topics, since }: Wanted): Promise<void> {
    const { metrics, catalogue, rights, live, clock, coalesce } = this.#options;
    this.#requireRoom(viewer);
    const ends: (() => void)[] = [];
    const shut = (): void => {
      for (const end of ends.splice(0)) end();
    };
    const connection = await Connection.open(
      {
        catalogue,
        rights,
        live,
        clock,
        coalesce,
        since,
        sender: new Sender(response),
        topics: [...new Set(topics)].map(topicOf),
        onEnd: (reason) => {
          metrics.streamEnds.inc({ reason });
          shut();
        },
      },
      viewer,
    );
    this.#open.set(connection, keyOf(viewer));
    metrics.streams.set(this.#open.size);
    ends.push(this.#every(this.#options.heartbeat, () => connection.beat()));
    ends.push(this.#every(this.#options.recheck, () => this.#recheck(request, connection)));
    ends.push(() => {
      this.#open.delete(connection);
      metrics.streams.set(this.#open.size);
    });
    const gone = (): void => {
      connection.close();
      shut();
    };
    response.on("close", gone);
    response.on("error", gone);
    if (response.destroyed) gone();
  }

  /** Ends all of them with a hint to come back. */
  close(): void {
    this.#isClosing = true;
    this.end("Shutdown");
  }

  end(reason: EndReason): void {
    for (const connection of this.#open.keys()) connection.end(reason);
  }

  #requireRoom(viewer: Viewer): void {
    const key = keyOf(viewer);
    const own = [...this.#open.values()].filter((other) => other === key).length;
    const isFull = this.#open.size >= this.#options.most || (viewer.unrestricted !== true && own >= mostOfOneViewer);
    if (!this.#isClosing && !isFull) return;
    throw new Refusal("Unavailable", "There are too many open streams. The page goes on by asking now and then.", {
      retryAfterSeconds: 10,
    });
  }

  /** A token that ended, or a right that was taken away, ends here; an API server that gives no answer changes nothing. */
  async #recheck(request: Request, connection: Connection): Promise<void> {
    const { door, log } = this.#options;
    try {
      await connection.recheck(await door.viewerOf(request));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) connection.end("SessionExpired");
      else log.debug({ err: error }, "cannot look at the rights of a stream; trying again");
    }
  }

  #every(milliseconds: number, act: () => void | Promise<void>): () => void {
    const { clock } = this.#options;
    let isOver = false;
    let cancel = (): void => undefined;
    const next = (): void => {
      cancel = clock.after(milliseconds, () => {
        void Promise.resolve(act()).finally(() => {
          if (!isOver) next();
        });
      });
    };
    next();
    return () => {
      isOver = true;
      cancel();
    };
  }
}
