import type { BatchChangeSpec } from "../kinds/batch-change.ts";
import { formatUSD, nanoUSD } from "../kinds/field.ts";
import type { publishPolicies } from "../kinds/publish.ts";
import { matchesAny } from "../patterns.ts";
import { canonicalURL } from "../repository-name.ts";

/** The administrator's bounds on what a BatchChange may ask for. In patterns `*` is any text without a slash, `**` any text. */
export interface SpecLimits {
  readonly maxRepositories: number;
  readonly repositoryPatterns: readonly string[];
  readonly publishPolicies: readonly (typeof publishPolicies)[number][];
  readonly allowPaths: readonly string[];
  readonly models: readonly string[];
  readonly secretNames: readonly string[];
  readonly toolboxImages: readonly string[];
  /** Dollars. */
  readonly maxCostUSD?: number | undefined;
  readonly parallelism: number;
}

type Check = (spec: BatchChangeSpec, limits: SpecLimits) => string | undefined;

/** The first limit that a spec passes, as a sentence with the field before it and what to do; undefined when all hold. */
export function limitFault(spec: BatchChangeSpec, limits: SpecLimits): string | undefined {
  for (const check of checks) {
    const message = check(spec, limits);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** The administrator's limits, each with what to do. */
const checks: readonly Check[] = [
  tooManyRepositories,
  repositoryNotAllowed,
  policyNotAllowed,
  pathsNotAllowed,
  modelNotAllowed,
  reviewerNotAllowed,
  costsTooMuch,
  tooParallel,
  secretNotAllowed,
  toolboxNotAllowed,
];

function tooManyRepositories({ repositories }: BatchChangeSpec, { maxRepositories }: SpecLimits): string | undefined {
  const count = repositories?.length ?? 0;
  if (count <= maxRepositories) return undefined;
  return `spec.repositories: ${count} repositories are more than the ${maxRepositories} that the administrator allows in one batch; split the batch or ask for a higher limit.`;
}

function repositoryNotAllowed({ repositories }: BatchChangeSpec, { repositoryPatterns }: SpecLimits): string | undefined {
  const index = (repositories ?? []).findIndex(({ url }) => !matchesAny(canonicalURL(url), repositoryPatterns));
  if (index === -1) return undefined;
  return `spec.repositories[${index}].url: ${repositories?.[index]?.url ?? ""} fits none of the allowed patterns ${repositoryPatterns.join(", ")}; take it out or ask the administrator.`;
}

function policyNotAllowed({ publish }: BatchChangeSpec, { publishPolicies }: SpecLimits): string | undefined {
  if (publishPolicies.includes(publish.policy)) return undefined;
  return `spec.publish.policy: ${publish.policy} is not allowed here; use ${publishPolicies.join(" or ")}.`;
}

function pathsNotAllowed({ publish }: BatchChangeSpec, { allowPaths }: SpecLimits): string | undefined {
  const path = (publish.allowPaths ?? []).find((one) => !allowPaths.includes(one) && !allowPaths.includes("**"));
  return path === undefined ? undefined : `spec.publish.allowPaths: ${path} is not among the paths that the administrator allows.`;
}

function modelNotAllowed({ agent }: BatchChangeSpec, { models }: SpecLimits): string | undefined {
  return modelFault("spec.agent.model", agent.model, models);
}

function reviewerNotAllowed({ review }: BatchChangeSpec, { models }: SpecLimits): string | undefined {
  return review === undefined ? undefined : modelFault("spec.review.model", review.model, models);
}

function modelFault(field: string, model: string, models: readonly string[]): string | undefined {
  return matchesAny(model, models) ? undefined : `${field}: ${model} is not allowed; use one of ${models.join(", ")}.`;
}

function costsTooMuch({ budget, agent, repositories }: BatchChangeSpec, { maxCostUSD }: SpecLimits): string | undefined {
  if (maxCostUSD === undefined) return undefined;
  const asked = budget === undefined ? (repositories?.length ?? 0) * nanoUSD(agent.maxCostUSD) : nanoUSD(budget.maxCostUSD);
  if (asked <= Math.round(maxCostUSD * 1e9)) return undefined;
  return `spec.budget.maxCostUSD: the batch may cost $${formatUSD(asked)}, the administrator allows $${maxCostUSD}; set a lower budget.`;
}

function tooParallel({ parallelism }: BatchChangeSpec, limits: SpecLimits): string | undefined {
  if (parallelism <= limits.parallelism) return undefined;
  return `spec.parallelism: ${parallelism} is more than the ${limits.parallelism} that the administrator allows.`;
}

function secretNotAllowed({ credentials }: BatchChangeSpec, { secretNames }: SpecLimits): string | undefined {
  const found = Object.entries(credentials).find(([, name]) => !matchesAny(name, secretNames));
  if (found === undefined) return undefined;
  return `spec.credentials.${found[0]}: the Secret ${found[1]} is not among the allowed names ${secretNames.join(", ")}.`;
}

function toolboxNotAllowed({ toolbox }: BatchChangeSpec, { toolboxImages }: SpecLimits): string | undefined {
  if (toolbox === undefined || matchesAny(toolbox.image, toolboxImages)) return undefined;
  if (toolboxImages.length === 0) {
    return "spec.toolbox: no toolbox is allowed here, because it runs code of the repository; take toolbox and checks out, or ask the administrator for images in limits.toolboxImages.";
  }
  return `spec.toolbox.image: ${toolbox.image} fits none of the allowed patterns ${toolboxImages.join(", ")}; use one of these or ask the administrator.`;
}
