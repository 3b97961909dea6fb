import { matchesAny } from "@codybatch/crds";
import { z } from "zod";

const pattern = z
  .string()
  .regex(/^[-a-z0-9*]{1,63}$/, "must be a namespace's name, in which * stands for any text: lower case letters, digits, - and *");

const dollars = 'must be dollars such as 50 or "2.50"';
/** A whole number, or a decimal string with at most four places, as in a BatchChange. */
const money = z.union(
  [z.int(dollars).min(0, dollars).max(9_999_999, dollars), z.string().regex(/^[0-9]{1,7}(\.[0-9]{1,4})?$/, dollars)],
  dollars,
);

/** What every namespace that fits one of the patterns may spend in each period, each for itself. */
export const Quota = z.strictObject({
  namespaces: z.array(pattern).min(1, "must name at least one namespace").max(50),
  period: z.enum(["day", "month"], "must be day or month"),
  maxCostUSD: money,
});
export type Quota = z.infer<typeof Quota>;
export type Period = Quota["period"];

export const Quotas = z.array(Quota).max(50);

/** All of them hold for the namespace. */
export function quotasOf(namespace: string, quotas: readonly Quota[]): readonly Quota[] {
  return quotas.filter(({ namespaces }) => matchesAny(namespace, namespaces));
}
