import type { AdminLimits } from "@codybatch/dashboard-contract";
import { Fact, Facts } from "../status/facts.tsx";

/** What the administrator allows, so that nobody has to guess. */
export function Limits({ limits }: { readonly limits: AdminLimits }) {
  const list = (words: readonly string[]): string => (words.length === 0 ? "none" : words.join(", "));
  return (
    <details className="cb-commands">
      <summary>What the administrator allows</summary>
      <Facts>
        <Fact name="Repositories">at most {limits.maxRepositories}</Fact>
        <Fact name="Without a claim">at most {limits.repositoriesWithoutClaim}</Fact>
        <Fact name="Hosts">{list(limits.repositoryPatterns)}</Fact>
        <Fact name="Publishing">{list(limits.publishPolicies)}</Fact>
        <Fact name="Models">{list(limits.models)}</Fact>
        <Fact name="Secrets">{list(limits.secretNames)}</Fact>
        <Fact name="Toolbox images">{list(limits.toolboxImages)}</Fact>
        <Fact name="Paths">{list(limits.allowPaths)}</Fact>
        <Fact name="Parallelism">at most {limits.parallelism}</Fact>
        {limits.maxCostUSD !== undefined && <Fact name="Cost">at most ${limits.maxCostUSD}</Fact>}
      </Facts>
    </details>
  );
}
