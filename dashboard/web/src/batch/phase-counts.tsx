import type { BatchDetail } from "@codybatch/dashboard-contract";
import { getRouteApi } from "@tanstack/react-router";
import { Badge } from "../status/badge.tsx";
import { toneOf, words } from "../status/tone.ts";
import { toggled } from "../url/search.ts";
import { countedPhases } from "./counts.ts";

const route = getRouteApi("/batches/$namespace/$name");

/** How many repositories are in each phase; pressing one leaves only those in the table. */
export function PhaseCountList({ counts }: { readonly counts: BatchDetail["counts"] }) {
  const { phase: chosen = "" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <ul className="cb-counts" aria-label="Repositories by phase">
      {countedPhases(counts).map(({ phase, count }) => (
        <li key={phase}>
          <button
            type="button"
            className="cb-count-button"
            aria-pressed={chosen.split(",").includes(phase)}
            onClick={() => void navigate({ search: ({ reason, q, sort }) => ({ reason, q, sort, phase: toggled(chosen, phase) }) })}
          >
            <Badge tone={toneOf(phase)} text={`${count} ${words(phase).toLowerCase()}`} />
          </button>
        </li>
      ))}
    </ul>
  );
}
