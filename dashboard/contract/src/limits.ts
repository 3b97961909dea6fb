import { publishPolicies } from "@codybatch/crds";
import { z } from "zod";

/** What the administrator allows, for the page that composes a BatchChange. In patterns `*` is any text without a slash, `**` any text. */
export const AdminLimits = z.object({
  maxRepositories: z.int(),
  repositoryPatterns: z.array(z.string()),
  publishPolicies: z.array(z.enum(publishPolicies)),
  allowPaths: z.array(z.string()),
  models: z.array(z.string()),
  secretNames: z.array(z.string()),
  toolboxImages: z.array(z.string()).meta({ description: "None: no toolbox at all." }),
  maxCostUSD: z.number().optional(),
  parallelism: z.int(),
  repositoriesWithoutClaim: z.int(),
  prices: z
    .array(z.object({ model: z.string(), inputUSD: z.number(), outputUSD: z.number() }))
    .meta({ description: "The administrator's own prices: dollars per million tokens of the smallest prompt." }),
});
export type AdminLimits = z.infer<typeof AdminLimits>;
