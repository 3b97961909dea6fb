import {
  canonicalURL,
  formatUSD,
  matchesAny,
  namesOnlyVariables,
  nanoUSD,
  variablesInWords,
  type BatchChangeSpec,
  type FieldError,
  type Reason,
} from "@codybatch/crds";
import type { Limits } from "./limits.ts";
import type { Observed } from "./observed.ts";

/** Why nothing of a BatchChange may start. */
export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

/** Asks again what the door has asked, for a server without admission policy and for limits that were lowered since. */
export function refusalOf({ batch: { spec }, faults, limits, prompt, obstacle }: Observed): Refusal | undefined {
  const [fault] = faults;
  if (fault !== undefined) return { reason: isNotSupported(spec) ? "NotSupported" : "InvalidSpec", message: describe(fault) };
  for (const check of checks) {
    const message = check(spec, limits);
    if (message !== undefined) return { reason: "LimitExceeded", message };
  }
  return (
    claimRequired(spec, limits) ??
    instructionsInvalid(spec) ??
    obstacle ??
    (prompt.kind === "Refused" ? { reason: prompt.reason, message: prompt.message } : undefined)
  );
}

function describe({ path, message }: FieldError): string {
  return `${path}: ${message}.`;
}

function isNotSupported({ publish, repositorySelector }: BatchChangeSpec): boolean {
  return publish.policy === "Automatic" || repositorySelector !== undefined;
}

function claimRequired({ repositories, resultStorage }: BatchChangeSpec, { repositoriesWithoutClaim }: Limits): Refusal | undefined {
  const count = repositories?.length ?? 0;
  if (resultStorage.type === "PersistentVolumeClaim" || count <= repositoriesWithoutClaim) return undefined;
  return {
    reason: "ClaimRequired",
    message: `${count} repositories do not fit ConfigMaps, which hold ${repositoriesWithoutClaim}: make a new BatchChange with spec.resultStorage.type PersistentVolumeClaim.`,
  };
}

/** A rule at the door would cost more than an API server allows for so many and such long texts. */
function instructionsInvalid({ repositories = [] }: BatchChangeSpec): Refusal | undefined {
  const index = repositories.findIndex(({ instructions = "" }) => !namesOnlyVariables(instructions));
  if (index === -1) return undefined;
  const message = `spec.repositories[${index}].instructions ${variablesInWords}. Take the entry out and make a new BatchChange for it, since instructions cannot be edited.`;
  return { reason: "PromptInvalid", message };
}

type Check = (spec: BatchChangeSpec, limits: Limits) => string | undefined;

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

function tooManyRepositories({ repositories }: BatchChangeSpec, { maxRepositories }: Limits): string | undefined {
  const count = repositories?.length ?? 0;
  if (count <= maxRepositories) return undefined;
  return `spec.repositories: ${count} repositories are more than the ${maxRepositories} that the administrator allows in one batch; split the batch or ask for a higher limit.`;
}

function repositoryNotAllowed({ repositories }: BatchChangeSpec, { repositoryPatterns }: Limits): string | undefined {
  const index = (repositories ?? []).findIndex(({ url }) => !matchesAny(canonicalURL(url), repositoryPatterns));
  if (index === -1) return undefined;
  return `spec.repositories[${index}].url: ${repositories?.[index]?.url ?? ""} fits none of the allowed patterns ${repositoryPatterns.join(", ")}; take it out or ask the administrator.`;
}

function policyNotAllowed({ publish }: BatchChangeSpec, { publishPolicies }: Limits): string | undefined {
  if (publishPolicies.includes(publish.policy)) return undefined;
  return `spec.publish.policy: ${publish.policy} is not allowed here; use ${publishPolicies.join(" or ")}.`;
}

function pathsNotAllowed({ publish }: BatchChangeSpec, { allowPaths }: Limits): string | undefined {
  const path = (publish.allowPaths ?? []).find((one) => !allowPaths.includes(one) && !allowPaths.includes("**"));
  return path === undefined ? undefined : `spec.publish.allowPaths: ${path} is not among the paths that the administrator allows.`;
}

function modelNotAllowed({ agent }: BatchChangeSpec, { models }: Limits): string | undefined {
  return modelFault("spec.agent.model", agent.model, models);
}

function reviewerNotAllowed({ review }: BatchChangeSpec, { models }: Limits): string | undefined {
  return review === undefined ? undefined : modelFault("spec.review.model", review.model, models);
}

function modelFault(field: string, model: string, models: readonly string[]): string | undefined {
  return matchesAny(model, models) ? undefined : `${field}: ${model} is not allowed; use one of ${models.join(", ")}.`;
}

function costsTooMuch({ budget, agent, repositories }: BatchChangeSpec, { maxCostUSD }: Limits): string | undefined {
  if (maxCostUSD === undefined) return undefined;
  const asked = budget === undefined ? (repositories?.length ?? 0) * nanoUSD(agent.maxCostUSD) : nanoUSD(budget.maxCostUSD);
  if (asked <= Math.round(maxCostUSD * 1e9)) return undefined;
  return `spec.budget.maxCostUSD: the batch may cost $${formatUSD(asked)}, the administrator allows $${maxCostUSD}; set a lower budget.`;
}

function tooParallel({ parallelism }: BatchChangeSpec, limits: Limits): string | undefined {
  if (parallelism <= limits.parallelism) return undefined;
  return `spec.parallelism: ${parallelism} is more than the ${limits.parallelism} that the administrator allows.`;
}

function secretNotAllowed({ credentials }: BatchChangeSpec, { secretNames }: Limits): string | undefined {
  const found = Object.entries(credentials).find(([, name]) => !matchesAny(name, secretNames));
  if (found === undefined) return undefined;
  return `spec.credentials.${found[0]}: the Secret ${found[1]} is not among the allowed names ${secretNames.join(", ")}.`;
}

function toolboxNotAllowed({ toolbox }: BatchChangeSpec, { toolboxImages }: Limits): string | undefined {
  if (toolbox === undefined || matchesAny(toolbox.image, toolboxImages)) return undefined;
  if (toolboxImages.length === 0) {
    return "spec.toolbox: no toolbox is allowed here, because it runs code of the repository; take toolbox and checks out, or ask the administrator for images in limits.toolboxImages.";
  }
  return `spec.toolbox.image: ${toolbox.image} fits none of the allowed patterns ${toolboxImages.join(", ")}; use one of these or ask the administrator.`;
}
