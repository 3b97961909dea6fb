import { z } from "zod";

/** Forms of single values, each with the words that a refusal shows. */
export const Duration = z
  .string()
  .max(16)
  .regex(/^[0-9]+(s|m|h|d)$/, "must be a whole number with one unit, s, m, h or d, such as 30m");

/** A dollar amount: a whole number, or a decimal string with at most four places. */
export const Money = z
  .union([
    z.int().min(0).max(9_999_999),
    z
      .string()
      .max(16)
      .regex(/^[0-9]{1,7}(\.[0-9]{1,4})?$/, 'must be dollars such as 2 or "2.50"'),
  ])
  .meta({ "x-kubernetes-int-or-string": true });

/** `https://host/owner/name`, `http://…` or, for the embedded server only, `file:///path`; no userinfo, query or fragment. */
export const RepositoryURL = z
  .string()
  .max(512)
  .regex(
    /^(https?:\/\/[^@/?#\s]+(\/[^@/?#\s]+)+\/[^@/?#\s]+|file:\/\/\/[^?#]+)$/,
    "must be https://host/owner/name without user, password, query or fragment",
  );

export const Timestamp = z.string().max(40).meta({ format: "date-time" });

export const ObjectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a Kubernetes object name: lower case letters, digits, - and .");

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a {@link Duration}. */
export function durationSeconds(duration: string): number {
  return Number(duration.slice(0, -1)) * (unitSeconds[duration.slice(-1)] ?? 0);
}

/** Nano-dollars of a {@link Money} value, exact: four decimal places are 100,000 nano-dollars each. */
export function nanoUSD(money: number | string): number {
  const [whole = "0", fraction = ""] = String(money).split(".");
  return Number(whole) * 1e9 + Number(fraction.padEnd(9, "0"));
}

/** Dollars as a decimal string with at least two and at most six places, rounded up so that a cost is never shown too low. */
export function formatUSD(nano: number): string {
  const micro = Math.ceil(nano / 1000);
  const text = `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, "0")}`;
  return text.replace(/0{1,4}$/, "");
}
