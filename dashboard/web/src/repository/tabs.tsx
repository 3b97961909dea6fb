import { Link } from "@tanstack/react-router";
import { type RepositoryTab, repositoryTabs } from "./search.ts";

const names: Readonly<Record<RepositoryTab, string>> = {
  diff: "Diff",
  transcript: "Transcript",
  checks: "Checks",
  attempts: "Attempts",
  "pull-request": "Pull request",
};

export function Tabs() {
  return (
    <nav aria-label="Views of the repository" className="cb-tabs">
      {repositoryTabs.map((each) => (
        <Link
          key={each}
          from="/batches/$namespace/$name/$changeset"
          to="."
          search={({ attempt }) => ({ tab: each === "diff" ? undefined : each, attempt })}
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
        >
          {names[each]}
        </Link>
      ))}
    </nav>
  );
}
