import { gzipSync } from "node:zlib";
import type { RunProgress, RunRecord } from "@codybatch/crds";
import { recordKey, recordName } from "@codybatch/crds";
import type { Log } from "../log.ts";
import { mostLiveBytes, patchReserve, resultReserve } from "./limit.ts";
import type { Output } from "./output.ts";
import type { Shelf } from "./shelf.ts";
import type { TranscriptShipper } from "./transcript.ts";

export interface LiveParts {
  readonly pod: string;
  readonly maxBytes: number;
  /** Shortest time between two writes, in milliseconds. */
  readonly everyMs: number;
  readonly output: Output;
  readonly transcript: TranscriptShipper;
  readonly shelf: Shelf;
  readonly log: Log;
  readonly now: () => number;
}

/** The last patch that fits what the agent said of it. */
export interface KnownPatch {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** Keeps `<pod>-live` near what the run has done, so that a hard kill loses little. */
export class Live {
  readonly #parts: LiveParts;
  #patch: KnownPatch | undefined;
  #seen = "";
  #wroteAt = Number.NEGATIVE_INFINITY;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** The patch of the last progress that was seen whole. */
  get patch(): KnownPatch | undefined {
    return this.#patch;
  }

  /** Writes when something is new and the last write is long enough ago. A fault is logged and left to the next time. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { everyMs, log, now, output } = this.#parts;
    if (now() - this.#wroteAt < everyMs) return;
    const progress = await output.progress();
    const looks = `${progress?.updatedAt} ${await output.transcriptBytes()}`;
    if (looks === this.#seen || looks === "undefined 0") return;
    this.#wroteAt = now();
    try {
      await this.#write(progress, signal);
      this.#seen = looks;
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, "live state not stored");
    }
  }

  async #write(progress: RunProgress | undefined, signal: AbortSignal): Promise<void> {
    const { maxBytes, pod, shelf, transcript } = this.#parts;
    const tail = await transcript.tail(maxBytes - resultReserve - patchReserve(maxBytes));
    const patchGz = await this.#patchOf(progress);
    const name = recordName.live(pod);
    const stored = transcript.record();
    const record: RunRecord = {
      version: 1,
      ended: "Running",
      // The tail stands in this very object: a pod that is lost leaves nothing else.
      transcript: tail === undefined ? stored : { ...stored, refs: [...stored.refs, name], events: stored.events + tail.events },
      ...(patchGz === undefined ? {} : { patchRef: name }),
    };
    const data = {
      [recordKey.record]: JSON.stringify(record),
      ...(progress === undefined ? {} : { [recordKey.progress]: JSON.stringify(progress) }),
    };
    const binary = {
      ...(tail === undefined ? {} : { [recordKey.transcriptGz]: tail.gz }),
      ...(patchGz === undefined ? {} : { [recordKey.patchGz]: patchGz }),
    };
    await shelf.replace({ part: "live", name, data, binary }, signal);
  }

  async #patchOf(progress: RunProgress | undefined): Promise<Buffer | undefined> {
    const told = progress?.patch;
    if (told === undefined) return undefined;
    if (this.#patch?.digest !== told.digest) {
      const bytes = await this.#parts.output.patch(told);
      if (bytes !== undefined) this.#patch = { digest: told.digest, bytes };
    }
    if (this.#patch?.digest !== told.digest) return undefined;
    const gz = gzipSync(this.#patch.bytes);
    return gz.length > mostLiveBytes ? undefined : gz;
  }
}
