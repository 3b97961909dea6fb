import { z } from "zod";
import { AttemptId, Count, flag, wholeNumber } from "../field.ts";
import { ShownEvent } from "./event.ts";

const mostEvents = 1_000_000;

export const TranscriptQuery = z.strictObject({
  attempt: AttemptId.optional(),
  after: wholeNumber(0, mostEvents, "Events with a higher number than this; 0 or absent for the beginning.").optional(),
  limit: wholeNumber(1, 1000, "Events of a page, 200 when absent. A page also ends at 512 KiB.").optional(),
  full: flag.optional().meta({ description: "true: long texts whole, at most 8 MiB in all; else each is cut at 16 KiB." }),
});

const Live = z.boolean().meta({ description: "The attempt still runs: more may come." });

export const TranscriptItem = z.object({
  n: z.int().min(1).meta({ description: "Number of the event, from 1; stays the same, so that it can be linked to." }),
  event: ShownEvent,
  cut: z.literal(true).optional().meta({ description: "A text in it was cut; ask for it alone with full=true." }),
});
export type TranscriptItem = z.infer<typeof TranscriptItem>;

export const TranscriptPage = z.object({
  attempt: AttemptId,
  live: Live,
  truncated: z.boolean().meta({ description: "Part of it was left out for want of room when it was stored." }),
  events: Count.meta({ description: "Events that are stored now." }),
  items: z.array(TranscriptItem),
  next: z.int().optional().meta({ description: "`after` of the next page; absent when this is the last for now." }),
});
export type TranscriptPage = z.infer<typeof TranscriptPage>;

export const TranscriptAttemptQuery = z.strictObject({ attempt: AttemptId.optional() });

const Mark = z.object({ n: z.int(), turn: z.int(), at: z.string(), kind: z.string(), text: z.string() });

/** What is needed to find one's way without reading all of it. */
export const TranscriptOutline = z.object({
  attempt: AttemptId,
  live: Live,
  truncated: z.boolean(),
  events: Count,
  bytes: Count,
  errors: z.array(Mark).meta({ description: "Failed tools and checks, retries, unreadable lines and a bad end; the first 1000." }),
  turns: z.array(z.object({ turn: z.int(), n: z.int(), at: z.string() })).meta({ description: "First event of each turn." }),
});
export type TranscriptOutline = z.infer<typeof TranscriptOutline>;

export const TranscriptSearchQuery = z.strictObject({
  attempt: AttemptId.optional(),
  q: z.string().min(1).max(256).meta({ description: "Text to find anywhere in an event, case does not count." }),
});

export const TranscriptHits = z.object({
  attempt: AttemptId,
  hits: z
    .array(Mark.extend({ at: z.string(), start: z.int().meta({ description: "Where in `text` the hit begins." }) }))
    .meta({ description: "One for each event, the first 500; `text` is what stands around its first hit." }),
  total: Count.meta({ description: "Events that hold the text." }),
});
export type TranscriptHits = z.infer<typeof TranscriptHits>;
