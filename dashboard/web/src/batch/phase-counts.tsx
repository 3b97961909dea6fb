import type { BatchDetail } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { Badge } from "../status/badge.tsx";
import { toneOf, words } from "../status/tone.ts";
import { countedPhases } from "./counts.ts";

/** How many repositories are in each phase; each leads to them. */
export function PhaseCountList({ counts }: { readonly counts: BatchDetail["counts"] }) {
  return (
    <ul className="cb-counts" aria-label="Repositories by phase">
      {countedPhases(counts).map(({ phase, count }) => (
        <li key={phase}>
          <Link from="/batches/$namespace/$name" to="." search={{ phase }}>
            <Badge tone={toneOf(phase)} text={`${count} ${words(phase).toLowerCase()}`} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
