import { z } from "zod";

/** Forms that many routes share. Texts of objects are hostile: they are shown as text, never as HTML, link targets or class names. */

const dnsName = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be lower case letters, digits, - and .");

export const NamespaceName = dnsName(63).meta({ description: "Namespace." });
export const BatchName = dnsName(63).meta({ description: "Name of the BatchChange." });
export const ChangesetName = dnsName(63).meta({ description: "Name of the Changeset: the stable id of one repository in one batch." });
export const At = z.string().meta({ description: "When, ISO 8601 in UTC." });
export const Dollars = z
  .string()
  .meta({ description: "Dollars as an exact decimal. Absent: unknown, or the right to see costs is missing." });
export const Count = z.int().min(0);

/** `0-1`: the user's attempt and the operator's try, as the Job's name ends. */
export const AttemptId = z
  .string()
  .regex(/^[0-9]{1,4}-[0-9]{1,4}$/, "must be attempt-try, such as 0-1")
  .meta({ description: "Attempt and try, such as 0-1. Absent: the newest one that has what is asked for." });

const text = (most: number) => z.string().max(most);
export const SearchText = text(256).meta({ description: "Words that must all occur; case does not count." });
export const Cursor = text(1024).meta({ description: "`next` of the page before." });

/** A whole number in a query. */
export function wholeNumber(least: number, most: number, description: string) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,15}$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule)
    .meta({ description });
}

export const PageSize = wholeNumber(1, 200, "Rows of a page, 50 when absent.");

/** Words with commas between them, each of the list. */
export function wordsOf<const T extends string>(words: readonly T[], description: string) {
  return z
    .string()
    .max(512)
    .transform((list) => list.split(",").filter((word) => word !== ""))
    .pipe(z.array(z.enum(words)))
    .meta({ description: `${description} Commas between: ${words.join(", ")}.` });
}

export const flag = z.enum(["true", "false"], "must be true or false").transform((word) => word === "true");

/** What every answer from the watched objects says of itself. */
export const Freshness = z.object({
  version: z
    .string()
    .meta({ description: "Id of the stream's message up to which changes are in. Later messages are newer than this answer." }),
  staleSince: At.optional().meta({ description: "Since when the API server has not been heard. The answer shows what was known then." }),
});
export type Freshness = z.infer<typeof Freshness>;

export const FacetCount = z.object({
  value: z.string().meta({ description: "What to filter by." }),
  count: Count.meta({ description: "Rows that the other filters leave and that have it." }),
});
export type FacetCount = z.infer<typeof FacetCount>;

/** A step that the viewer can take with kubectl; the dashboard itself writes nothing. */
export const Command = z.object({
  purpose: z.enum(["approve", "retry", "retryFailed", "cancel", "suspend", "resume", "look", "patch", "transcript", "copy"]),
  title: z.string().meta({ description: "What it does, in a few words." }),
  line: z.string().meta({ description: "The kubectl line, safe to paste into a POSIX shell." }),
});
export type Command = z.infer<typeof Command>;

export const UsageTotals = z.object({
  input: Count.meta({ description: "Input tokens that no cache served." }),
  output: Count.meta({ description: "Output tokens." }),
  cacheRead: Count.meta({ description: "Input tokens read from the cache." }),
  cacheWrite: Count.meta({ description: "Input tokens written to the cache." }),
  costUSD: Dollars.optional(),
});
export type UsageTotals = z.infer<typeof UsageTotals>;
