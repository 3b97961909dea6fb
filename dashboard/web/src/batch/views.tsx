import { Link } from "@tanstack/react-router";
import type { BatchSearch } from "./search.ts";
import { batchViews } from "./search.ts";

const names: Readonly<Record<NonNullable<BatchSearch["view"]>, string>> = {
  repositories: "Repositories",
  charts: "Charts",
  spec: "Prompt and spec",
  conditions: "Conditions and events",
};

export function Views() {
  return (
    <nav aria-label="Views of the batch" className="cb-tabs">
      {batchViews.map((each) => (
        <Link
          key={each}
          from="/batches/$namespace/$name"
          to="."
          search={(search) => ({ ...search, view: each === "repositories" ? undefined : each })}
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
        >
          {names[each]}
        </Link>
      ))}
    </nav>
  );
}
