import type { BatchList } from "@codybatch/dashboard-contract";
import { useNavigate } from "@tanstack/react-router";
import { words } from "../status/tone.ts";
import { Facet } from "../url/facet.tsx";
import { toggled } from "../url/search.ts";
import { type BatchesSearch, isFiltered, refined } from "./search.ts";

/** Filters with counts; all of them stand in the address. */
export function BatchFacets({ search, facets }: { readonly search: BatchesSearch; readonly facets: BatchList["facets"] }) {
  const navigate = useNavigate({ from: "/" });
  const refine = (change: Partial<BatchesSearch>): void => void navigate({ search: refined(search, change) });
  const phases = facets.phase.map((facet) => ({ ...facet, name: words(facet.value) }));
  return (
    <aside aria-label="Filters" className="cb-facets">
      <Facet
        title="Phase"
        values={phases}
        isChosen={(value) => (search.phase ?? "").split(",").includes(value)}
        onToggle={(value) => refine({ phase: toggled(search.phase, value) })}
      />
      <Facet
        title="Namespace"
        values={facets.namespace}
        isChosen={(value) => search.namespace === value}
        onToggle={(value) => refine({ namespace: search.namespace === value ? undefined : value })}
      />
      <Facet
        title="Label"
        values={facets.label}
        isChosen={(value) => search.label === value}
        onToggle={(value) => refine({ label: search.label === value ? undefined : value })}
      />
      {isFiltered(search) && (
        <button type="button" className="cb-plain" onClick={() => void navigate({ search: { sort: search.sort } })}>
          Clear filters
        </button>
      )}
    </aside>
  );
}
