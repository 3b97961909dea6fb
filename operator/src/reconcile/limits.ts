import { Price, publishPolicies } from "@codybatch/crds";
import { z } from "zod";

const patterns = (...values: string[]): z.ZodDefault<z.ZodArray<z.ZodString>> => z.array(z.string().min(1).max(512)).default(values);

/** What the administrator allows. The operator holds to it even where no admission policy is installed. In patterns `*` matches any text without a slash, `**` any text. */
export const Limits = z.strictObject({
  maxRepositories: z.int().min(1).max(1000).default(5),
  repositoryPatterns: patterns("https://github.com/*/*"),
  publishPolicies: z.array(z.enum(publishPolicies)).default(["Never", "OnApproval"]),
  allowPaths: patterns(),
  models: patterns("**"),
  secretNames: patterns("anthropic", "github-read", "github-write"),
  /** Of images in which checks may run; none: no toolbox at all, for it runs code of the repository. */
  toolboxImages: patterns(),
  /** Dollars; absent means that only the BatchChange's own budget counts. */
  maxCostUSD: z.number().min(0).optional(),
  /** They hold before the prices that the runner knows. */
  prices: z.array(Price).max(50).default([]),
  parallelism: z.int().min(1).default(100),
  /** Jobs of all batches together that run at once. */
  runningJobs: z.int().min(1).default(20),
  /** Stored results of all batches together. etcd's default quota is 2 GiB for the whole cluster. */
  maxTotalMiB: z.number().min(0).default(256),
  maxPerChangesetMiB: z.number().min(0).default(4),
  /** More than so many repositories need a PersistentVolumeClaim: 50 × 4 MiB is most of maxTotalMiB. */
  repositoriesWithoutClaim: z.int().min(1).default(50),
});
export type Limits = z.infer<typeof Limits>;

/** Bytes in one MiB. */
export const mebibyte = 1024 * 1024;
