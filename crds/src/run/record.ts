import { z } from "zod";
import type { JobRole } from "../api.ts";
import { DiscoverResult } from "./discover.ts";
import { PublishResult } from "./publish.ts";
import { RunResult } from "./result.ts";
import { TrackResult } from "./track.ts";

const kibibyte = 1024;

interface Stored {
  readonly form: z.ZodType;
  /** Most bytes of the JSON, as a file and unpacked. */
  readonly mostBytes: number;
}

/**
 * What lies in `<pod>-result`, by what the pod was for. At most {@link mostPlainResult} bytes lie as text under the key
 * `result`, more lie gzipped under `resultGz`: a list of 1,000 repositories with long names does.
 */
export const storedResult = {
  change: { form: RunResult, mostBytes: 256 * kibibyte },
  publish: { form: PublishResult, mostBytes: 256 * kibibyte },
  discover: { form: DiscoverResult, mostBytes: 4096 * kibibyte },
  track: { form: TrackResult, mostBytes: 4096 * kibibyte },
} as const satisfies Record<JobRole, Stored>;
export type StoredResult = z.infer<(typeof storedResult)[JobRole]["form"]>;

/** Most bytes of a result that is stored as text, which kubectl alone can show. */
export const mostPlainResult = 256 * kibibyte;

/** Most bytes of a gzipped result: with all else of its ConfigMap it stays below the API server's 1 MiB. */
export const mostGzippedResult = 900 * kibibyte;

/** Termination message of the recorder of a Job that changes no code: how it ended, if nothing else arrives. */
export const TaskTermination = z.object({ version: z.literal(1), task: z.enum(["discover", "publish", "track"]), kind: z.string() });
export type TaskTermination = z.infer<typeof TaskTermination>;
