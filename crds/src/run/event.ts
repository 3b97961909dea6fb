import { z } from "zod";
import { runReasons } from "./result.ts";
import { RunUsage } from "./usage.ts";

const at = { at: z.string(), turn: z.int() };

/**
 * One line of `transcript.jsonl`. The first line is `started` and carries the version of all that follow.
 * Message blocks are stored as the API sent them, with secrets redacted.
 */
export const RunEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("started"),
    version: z.literal(1),
    ...at,
    changeset: z.string(),
    attempt: z.int(),
    try: z.int(),
    model: z.string(),
    baseCommit: z.string().optional(),
    resumedFrom: z.string().optional(),
    standIn: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("system"), ...at, text: z.string(), tools: z.array(z.string()) }),
  z.object({ kind: z.literal("user"), ...at, content: z.array(z.unknown()) }),
  z.object({
    kind: z.literal("assistant"),
    ...at,
    messageID: z.string(),
    stopReason: z.string(),
    content: z.array(z.unknown()),
    usage: RunUsage,
    durationMs: z.int(),
    /** True where the answer came from the scripted stand-in. */
    standIn: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("tool"),
    ...at,
    toolUseID: z.string(),
    name: z.string(),
    isError: z.boolean(),
    output: z.string(),
    durationMs: z.int(),
  }),
  z.object({ kind: z.literal("check"), ...at, name: z.string(), exitCode: z.int(), durationMs: z.int(), output: z.string() }),
  z.object({ kind: z.literal("retry"), ...at, cause: z.string(), waitMs: z.int(), assumedNanoUSD: z.int().optional() }),
  z.object({ kind: z.literal("nudge"), ...at, cause: z.string(), text: z.string() }),
  z.object({ kind: z.literal("patch"), ...at, digest: z.string(), bytes: z.int(), filesChanged: z.int() }),
  z.object({ kind: z.literal("ended"), ...at, reason: z.enum(runReasons), message: z.string() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
