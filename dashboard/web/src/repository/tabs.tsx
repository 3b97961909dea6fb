import { Link } from "@tanstack/react-router";
import { type RepositoryTab, repositoryTabs } from "./search.ts";

const names: Readonly<Record<RepositoryTab, string>> = {
  diff: "Diff",
  transcript: "Transcript",
  checks: "Checks",
  attempts: "Attempts",
  "pull-request": "Pull request",
};

export function Tabs({ tab }: { readonly tab: RepositoryTab }) {
  return (
    <nav aria-label="Views of the repository" className="cb-tabs">
      {repositoryTabs.map((each) => (
        <Link
          key={each}
          from="/batches/$namespace/$name/$changeset"
          to="."
          search={({ attempt }) => ({ tab: each === "diff" ? undefined : each, attempt })}
          activeOptions={{ explicitUndefined: true, includeSearch: each === tab }}
          activeProps={each === tab ? { "aria-current": "page" } : { "aria-current": undefined }}
        >
          {names[each]}
        </Link>
      ))}
    </nav>
  );
}
