import type { FaultSource } from "./http/fault.ts";
import type { User } from "./review/user.ts";
import type { HistoryLimits } from "./store/history.ts";

/** The part of a logger that the server uses. */
export interface ServerLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServerOptions {
  /** Folder of the journal, made with mode 0700. Without it objects live as long as the process. */
  readonly dir?: string;
  /** 0, the default, takes any free port of the loopback interface. */
  readonly port?: number;
  readonly log?: ServerLog;
  /** Milliseconds between bookmarks of a watch that asks for them; default 60,000. */
  readonly bookmarkInterval?: number;
  /** Milliseconds until a watch without timeoutSeconds ends; default 30 minutes. */
  readonly watchTimeout?: number;
  /** How far back a watch may begin; default 20,000 changes and 64 MiB. */
  readonly history?: HistoryLimits;
  /** Bytes below which the journal is never compacted; default 64 MiB. */
  readonly compactAbove?: number;
  /** Users that TokenReview and SubjectAccessReview know; requests themselves are not authorized. */
  readonly users?: readonly User[];
  /** Milliseconds until an Event that is not seen again is removed; default one hour. */
  readonly eventTimeToLive?: number;
  readonly clock?: () => Date;
  /** Called once when the journal cannot be written any more: every later request fails. */
  readonly onFailure?: (error: Error) => void;
  /** Test seam: what goes wrong with a request. */
  readonly onRequest?: FaultSource;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Ends watches with a bookmark, waits for the journal, and frees the port. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;

export const defaults = {
  port: 0,
  log: { info: () => undefined, error: () => undefined },
  bookmarkInterval: 60_000,
  watchTimeout: 30 * 60_000,
  history: { changes: 20_000, bytes: 64 * mebibyte },
  compactAbove: 64 * mebibyte,
  users: [],
  eventTimeToLive: 60 * 60_000,
  clock: () => new Date(),
  onFailure: () => undefined,
  onRequest: () => undefined,
} as const satisfies ServerOptions;
