import { z } from "zod";
import { Count, Freshness } from "../field.ts";

const Point = z.object({
  at: z.number().meta({ description: "Milliseconds since 1970." }),
  working: Count,
  done: Count.meta({ description: "Ended well without a pull request, so far." }),
  failed: Count,
  open: Count,
  merged: Count,
  closed: Count,
});

/** Steps: each point holds until the next. */
export const BurndownAnswer = Freshness.extend({ now: z.number(), points: z.array(Point) });
export type BurndownAnswer = z.infer<typeof BurndownAnswer>;
