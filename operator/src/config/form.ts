import { z } from "zod";
import { defaultPublishing } from "../reconcile/settings.ts";

/** Forms of one environment variable each: text in, value out, with the rule that a refusal shows. */
export const flag = z.enum(["true", "false"], "must be true or false").transform((text) => text === "true");

export const plainURL = z.string().regex(/^http:\/\/[^@/?#\s]+\/?$/, "must be http://host:port without user, path or query");

export const webURL = z.string().regex(/^https?:\/\/[^@?#\s]+$/, "must be http://… or https://… without user, query or fragment");

export const namespace = z
  .string()
  .max(63, "must have at most 63 characters")
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "must be a namespace's name: lower case letters, digits and -");

/** A name that may hold dots, as most objects' may. */
export const objectName = z
  .string()
  .max(253, "must have at most 253 characters")
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "must be a Kubernetes name: lower case letters, digits, - and .");

export const image = z.string().regex(/^[^\s@:/][^\s]*$/, "must be an image reference without spaces, such as registry.example/runner:1.0");

/** Seconds, decimals allowed, at most a year. */
export const seconds = z
  .string()
  .regex(/^[0-9]+(\.[0-9]+)?$/, "must be seconds, a number such as 30 or 0.5")
  .transform(Number)
  .refine((value) => value > 0 && value <= 31_536_000, "must be more than 0 and at most a year of seconds");

export function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]+$/, rule)
    .transform(Number)
    .refine((value) => value >= least && value <= most, rule);
}

/** Names with commas between them. */
export function commaList<T extends z.ZodType<string, string>>(item: T) {
  return z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(z.array(item));
}

export function json<T extends z.ZodType>(content: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("must be JSON");
        return z.NEVER;
      }
    })
    .pipe(content);
}

const Amounts = z.record(
  z.string().max(63),
  z.string().regex(/^[0-9]+(\.[0-9]+)?(m|[kMGT]i?)?$/, 'must be an amount such as "500m" or "1Gi"'),
);
const Resources = z.strictObject({ requests: Amounts, limits: Amounts });

/** Containers that are left out keep their default. */
export const containerResources = z.strictObject({
  recorder: Resources.exactOptional(),
  clone: Resources.exactOptional(),
  agent: Resources.exactOptional(),
  toolbox: Resources.exactOptional(),
  task: Resources.exactOptional(),
});

const size = z.string().regex(/^[0-9]+(Mi|Gi|Ti)$/, 'must be a size such as "4Gi"');
export const volumeSizes = z.strictObject({
  git: size.exactOptional(),
  workspace: size.exactOptional(),
  out: size.exactOptional(),
  tmp: size.exactOptional(),
  base: size.exactOptional(),
  mailbox: size.exactOptional(),
  toolbox: size.exactOptional(),
});

const noUser = webURL.or(z.literal(""));
/** Empty texts count as absent. */
export const proxy = z
  .strictObject({
    http: noUser.default(""),
    https: noUser.default(""),
    noProxy: z.string().regex(/^\S*$/, "must have no spaces").default(""),
  })
  .transform((texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")));

/** What is left out keeps its default; empty texts count as absent. */
export const publishing = z.strictObject({
  author: z
    .strictObject({
      name: z.string().regex(/^[^<>\p{Cc}]{1,100}$/u, "must be a name without < > and line ends"),
      email: z.string().regex(/^[^\s<>]{1,200}@[^\s<>]{1,200}$/, "must be an e-mail address"),
    })
    .default(defaultPublishing.author),
  dashboardURL: noUser.default(""),
  perMinute: z.int().min(1).max(600).default(defaultPublishing.perMinute),
  contentPerHour: z.int().min(40).max(500).default(defaultPublishing.contentPerHour),
  running: z.int().min(1).max(200).default(defaultPublishing.running),
});

export const caBundle = z.strictObject({
  configMap: objectName,
  key: z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/, "must be a key of a ConfigMap"),
});

/** Only time settings may be handed to the containers: everything else they know comes as files. */
export const runnerEnvironment = z.record(
  z.string().regex(/^CODYBATCH_[A-Z_]+_SECONDS$/, "names must look like CODYBATCH_…_SECONDS"),
  z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'values must be seconds as text, such as "30"'),
);
