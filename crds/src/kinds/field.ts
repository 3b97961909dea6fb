import { z } from "zod";

/**
 * A string of one form. The words follow the refused value in every message, in a process and from an API server alike.
 * The form is read by JavaScript and by RE2, so it has no look-around and no back-reference.
 */
export function formed(form: RegExp, words: string, maxLength: number): z.ZodString {
  return z.string().max(maxLength).regex(form, words).meta({ "x-codybatch-form": words });
}

export const Duration = formed(/^[0-9]+(s|m|h|d)$/, "must be a whole number with one unit, s, m, h or d, such as 30m", 16);

/** A dollar amount: a whole number, or a decimal string with at most four places. */
export const Money = z
  .union([
    z.int().min(0).max(9_999_999),
    z
      .string()
      .max(16)
      .regex(/^[0-9]{1,7}(\.[0-9]{1,4})?$/, 'must be dollars such as 2 or "2.50"'),
  ])
  .meta({ "x-kubernetes-int-or-string": true, "x-codybatch-form": 'must be dollars such as 2 or "2.50"' });

/** An amount of CPU or memory as Kubernetes writes it. */
export const Quantity = z
  .union([
    z.int().min(0),
    z
      .string()
      .max(32)
      .regex(/^[0-9]+(\.[0-9]+)?([kMGTPEm]|[KMGTPE]i)?$/, "must be a quantity such as 500m or 2Gi"),
  ])
  .meta({ "x-kubernetes-int-or-string": true, "x-codybatch-form": "must be a quantity such as 500m or 2Gi" });

/** `https://host/owner/name`, `http://…` or, for the embedded server only, `file:///path`; no userinfo, query or fragment. */
export const RepositoryURL = formed(
  /^(https?:\/\/[\w.-]+(:[0-9]+)?(\/[\w.~%+-]+){2,}|file:\/\/(\/[\w.~%+@,=:-]+)+)\/?$/,
  "must be https://host/owner/name without user, password, query or fragment",
  512,
);

/** A branch as git allows it, except what could be read as an option. */
export const BranchName = formed(
  /^[^-/.\s\p{Cc}\p{Cf}~^:?*[\\][^\s\p{Cc}\p{Cf}~^:?*[\\]*$/u,
  "must be a branch name: no spaces or control characters, none of ~ ^ : ? * [ \\, and not - / or . at the start",
  255,
);

export const Timestamp = z.string().max(40).meta({ format: "date-time" });

export const ObjectName = formed(
  /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
  "must be a Kubernetes object name: lower case letters, digits, - and .",
  253,
);

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

/** Dollars as a decimal string with at least two places and as many as it takes: exact, so that sums of shown costs are exact too. */
export function formatUSD(nano: number): string {
  const text = `${Math.floor(nano / 1e9)}.${String(nano % 1e9).padStart(9, "0")}`;
  return text.replace(/0{1,7}$/, "");
}
