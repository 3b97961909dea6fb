import type { Client, Clock, Log } from "@codybatch/operator";
import type { Door } from "../access/door.ts";
import type { Rights } from "../access/rights.ts";
import type { Config } from "../config.ts";
import type { DashboardMetrics } from "../metrics.ts";
import type { Shelf } from "../payload/shelf.ts";
import type { Streams } from "../stream/streams.ts";
import type { Catalogue } from "../watch/catalogue.ts";

/** What the routes work with. */
export interface Context {
  readonly config: Config;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly catalogue: Catalogue;
  readonly door: Door;
  readonly rights: Rights;
  readonly shelf: Shelf;
  readonly streams: Streams;
  readonly metrics: DashboardMetrics;
  /** Version of the program. */
  readonly version: string;
}
