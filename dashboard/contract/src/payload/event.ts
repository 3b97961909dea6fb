import type { RunEvent, RunUsage } from "@codybatch/crds";
import { z } from "zod";

/** A line that this version cannot read; shown as it is. */
interface UnreadableEvent {
  readonly kind: "unreadable";
  readonly at: string;
  readonly turn: number;
  readonly text: string;
}

/** Without the right to see costs, what a request used is left out. */
type MayHideUsage<E> = E extends { readonly usage: unknown } ? Omit<E, "usage"> & { readonly usage?: RunUsage | undefined } : E;

/** A line of a transcript as the dashboard gives it: docs/reference/transcript.md says what each field means. */
export type ShownEvent = MayHideUsage<RunEvent> | UnreadableEvent;

const Line = z.looseObject({ kind: z.string(), at: z.string(), turn: z.int() });

export const ShownEvent = z
  .custom<ShownEvent>((line) => Line.safeParse(line).success)
  .meta({ description: "A line as in docs/reference/transcript.schema.json; usage is absent without the right to see costs." });
