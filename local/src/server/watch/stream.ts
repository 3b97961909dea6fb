import type { ServerResponse } from "node:http";
import type { Api } from "../api.ts";
import type { ApiRequest, Target } from "../http/exchange.ts";
import { badRequest, expired, statusBody } from "../http/status.ts";
import type { StatusError } from "../http/status.ts";
import { apiVersionOf } from "../kinds/resource.ts";
import { decode } from "../object.ts";
import { selectionOf } from "../selector/selection.ts";
import type { Selection } from "../selector/selection.ts";
import type { Change, Entry } from "../store/entry.ts";
import { formOf } from "../view/form.ts";
import type { Form } from "../view/form.ts";
import type { Hub } from "./hub.ts";

/** Bytes that may wait for a slow client before its watch is cut. */
const maxBacklog = 32 * 1024 * 1024;

export interface WatchTimings {
  /** Milliseconds between bookmarks. */
  readonly bookmarkInterval: number;
  /** Milliseconds after which a watch without timeoutSeconds ends. */
  readonly watchTimeout: number;
}

interface WatchOptions {
  readonly hub: Hub;
  readonly timings: WatchTimings;
  readonly response: ServerResponse;
  /** Writes one line; a test may put a fault in its place. */
  readonly write: (line: string) => void;
}

/** One watch from its first line to its end. */
export class WatchStream {
  private readonly api: Api;
  private readonly target: Target;
  private readonly options: WatchOptions;
  private readonly request: ApiRequest;
  private readonly selection: Selection;
  private readonly form: Form;
  private readonly bookmarks: boolean;
  private stopFollowing: (() => void) | undefined;
  private timers: NodeJS.Timeout[] = [];
  private ended = false;

  constructor(api: Api, request: ApiRequest, target: Target, options: WatchOptions) {
    this.api = api;
    this.request = request;
    this.target = target;
    this.options = options;
    this.selection = selectionOf(request, target);
    this.form = formOf(request, target.resource, api.clock);
    this.bookmarks = isTrue(request.query.get("allowWatchBookmarks"));
  }

  /** Sends what is there, then every change until the client, the time-out or the server ends it. */
  async run(): Promise<void> {
    const start = this.startVersion();
    const { response } = this.options;
    response.on("close", () => this.end());
    response.writeHead(200, { "content-type": this.form.contentType, "cache-control": "no-cache, private" });
    response.flushHeaders();
    const first = start === undefined ? this.snapshot() : [];
    const from = start ?? this.api.store.version;
    if (start === undefined) await this.api.store.durable();
    if (this.ended) return;
    for (const entry of first) this.send("ADDED", entry.json);
    if (start === undefined) this.endOfInitialEvents(from);
    this.follow(from);
  }

  /** Ends the watch, with a last bookmark so that the client can go on from there. */
  finish(): void {
    if (this.ended) return;
    if (this.bookmarks) this.bookmark();
    this.options.response.end();
    this.end();
  }

  /** The version to follow from, or undefined to begin with everything there is. */
  private startVersion(): number | undefined {
    const text = this.request.query.get("resourceVersion") ?? "";
    if (!/^\d*$/.test(text)) throw badRequest(`Invalid value: "${text}": resourceVersion must be a whole number`);
    const version = Number(text);
    return version === 0 || isTrue(this.request.query.get("sendInitialEvents")) ? undefined : version;
  }

  private snapshot(): readonly Entry[] {
    const entries = [...this.api.store.all(this.selection.storage)].filter((entry) => this.selection.matches(entry));
    return entries.toSorted((a, b) => a.version - b.version);
  }

  private endOfInitialEvents(version: number): void {
    if (!isTrue(this.request.query.get("sendInitialEvents")) || !this.bookmarks) return;
    this.bookmark(version, { "k8s.io/initial-events-end": "true" });
  }

  private follow(from: number): void {
    const { store } = this.api;
    const tooNew = from > store.version;
    this.stopFollowing = tooNew ? undefined : this.options.hub.follow(this.selection.storage, from, (change) => this.onChange(change));
    if (this.stopFollowing === undefined) {
      this.refuse(expired(tooNew ? `too large resource version: ${from}, current: ${store.version}` : `too old resource version: ${from}`));
      return;
    }
    this.startTimers();
  }

  private startTimers(): void {
    const { bookmarkInterval, watchTimeout } = this.options.timings;
    const seconds = Number(this.request.query.get("timeoutSeconds") ?? 0);
    const timeout = seconds > 0 ? seconds * 1000 : watchTimeout;
    this.timers = [setTimeout(() => this.finish(), Math.min(timeout, 2 ** 31 - 1))];
    if (this.bookmarks) this.timers.push(setInterval(() => this.bookmark(), bookmarkInterval));
  }

  private refuse(error: StatusError): void {
    this.line("ERROR", JSON.stringify(statusBody(error)));
    this.options.response.end();
    this.end();
  }

  private onChange(change: Change): void {
    const { entry, previous } = change;
    const was = previous !== undefined && this.selection.matches(previous);
    const is = change.type !== "DELETED" && this.selection.matches(entry);
    if (is) this.send(was ? "MODIFIED" : "ADDED", entry.json);
    else if (was && change.type === "DELETED") this.send("DELETED", entry.json);
    else if (was) this.send("DELETED", atVersion(previous.json, change.version));
  }

  private bookmark(version = this.api.store.announcedVersion, annotations?: Readonly<Record<string, string>>): void {
    const { resource } = this.target;
    const metadata = { resourceVersion: String(version), creationTimestamp: null, ...(annotations === undefined ? {} : { annotations }) };
    this.line("BOOKMARK", this.form.bookmark({ kind: resource.kind, apiVersion: apiVersionOf(resource), metadata }));
  }

  private send(type: string, json: string): void {
    this.line(type, this.form.one(json));
  }

  private line(type: string, object: string): void {
    const { response, write } = this.options;
    if (this.ended) return;
    if (response.writableLength > maxBacklog) response.destroy();
    else write(`{"type":"${type}","object":${object}}\n`);
  }

  private end(): void {
    this.ended = true;
    this.stopFollowing?.();
    for (const timer of this.timers) clearTimeout(timer);
  }
}

function isTrue(text: string | null): boolean {
  return text === "true" || text === "1";
}

/** An object that left the selection is shown as it last was in it, with the version of the change. */
function atVersion(json: string, version: number): string {
  const object = decode(json);
  return JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
}
