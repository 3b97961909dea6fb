import { z } from "zod";
import { Agent } from "./agent.ts";
import { Check, Toolbox } from "./check.ts";
import { Money, ObjectName } from "./field.ts";
import { Publish } from "./publish.ts";
import { Repository, RepositorySelector } from "./repository.ts";
import { Review } from "./review.ts";
import { Credentials, ResultStorage } from "./storage.ts";

const live = { "x-codybatch-change": "live" } as const;
const immutable = { "x-codybatch-change": "immutable" } as const;

const PromptSource = z.strictObject({
  configMapKeyRef: z
    .strictObject({
      name: ObjectName.meta({ description: "Name of the ConfigMap." }),
      key: z.string().min(1).max(253).meta({ description: "Key of its data." }),
    })
    .meta({ description: "A key of a ConfigMap." }),
});

const Budget = z.strictObject({
  maxCostUSD: Money.meta({ description: "Most dollars for the whole batch." }),
});

const Rollout = z.strictObject({
  canary: z.int().min(0).max(100).default(0).meta({ description: "So many repositories first; the rest when they ended well." }),
});

export const BatchChangeSpec = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .max(65_536)
    .optional()
    .meta({
      description:
        "What Claude is asked to do in each repository; or promptFrom. ${repository.name} and the like are replaced (guide, templates).",
      ...live,
    }),
  promptFrom: PromptSource.optional().meta({ description: "Takes the prompt from a ConfigMap of the same namespace.", ...live }),
  repositories: z
    .array(Repository)
    .max(1000)
    .optional()
    .meta({
      description: "Repositories to change, one Job each. Entries may be added and taken out.",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["url", "branch"],
      ...live,
    }),
  repositorySelector: RepositorySelector.optional().meta({
    description: "Finds repositories once; their union with repositories is changed.",
    ...immutable,
  }),
  agent: Agent.prefault({}).meta({
    description: "Model and limits of one attempt. A change holds for attempts started afterwards.",
    ...live,
  }),
  review: Review.optional().meta({
    description: "A second model that has to approve each change before it counts as ready; its requests count against the agent's limits.",
    ...live,
  }),
  budget: Budget.optional().meta({ description: "Hard cap; default is repositories × agent.maxCostUSD.", ...live }),
  toolbox: Toolbox.optional().meta({ description: "Where checks run.", ...live }),
  checks: z
    .array(Check)
    .max(20)
    .optional()
    .meta({
      description: "Commands that validate the change.",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      ...live,
    }),
  parallelism: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ description: "Most Jobs of this batch at once.", ...live }),
  rollout: Rollout.optional().meta({ description: "Order of the work.", ...live }),
  publish: Publish.prefault({}).meta({ description: "What happens with a finished patch.", ...live }),
  credentials: Credentials.prefault({}).meta({ description: "Names of Secrets in the same namespace.", ...immutable }),
  resultStorage: ResultStorage.prefault({}).meta({ description: "Where results are kept.", ...live }),
  suspend: z
    .boolean()
    .default(false)
    .meta({ description: "Start nothing new; running Jobs end.", ...live }),
  cancel: z
    .boolean()
    .default(false)
    .meta({ description: "Stop running Jobs too, keeping what they have; final: true stays true.", ...live }),
  retryFailed: z
    .int()
    .min(0)
    .max(999)
    .default(0)
    .meta({ description: "Raise it to run failed Changesets again; it may only rise.", ...live }),
  ttlSecondsAfterFinished: z
    .int()
    .min(0)
    .max(315_360_000)
    .optional()
    .meta({
      description: "Delete the BatchChange so long after its end, or after the last merge or close. Never when absent.",
      ...live,
    }),
});
export type BatchChangeSpec = z.infer<typeof BatchChangeSpec>;
