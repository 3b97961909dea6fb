import { BatchChangeSpec, formatUSD, nanoUSD } from "@codybatch/crds/browser";

/** The most that a batch can cost: no request is sent that could pass it. */
export interface Estimate {
  readonly repositories: number;
  /** Dollars for one attempt. */
  readonly perAttemptUSD: string;
  /** Dollars for all. */
  readonly mostUSD: string;
  readonly isBudget: boolean;
  /** Rounds that Jobs take when each repository needs one attempt. */
  readonly rounds: number;
}

/** Undefined while the spec is not yet whole. */
export function estimateOf(spec: unknown): Estimate | undefined {
  const parsed = BatchChangeSpec.safeParse(spec);
  if (!parsed.success) return undefined;
  const { repositories = [], repositorySelector, agent, budget, parallelism } = parsed.data;
  const count = repositories.length + (repositorySelector?.limit ?? 0);
  const perAttempt = nanoUSD(agent.maxCostUSD);
  const all = perAttempt * count;
  const most = budget === undefined ? all : nanoUSD(budget.maxCostUSD);
  return {
    repositories: count,
    perAttemptUSD: formatUSD(perAttempt),
    mostUSD: formatUSD(most),
    isBudget: budget !== undefined,
    rounds: Math.ceil(count / parallelism),
  };
}
