import type { FailureReport } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { counted } from "../money/format.ts";
import { Badge } from "../status/badge.tsx";
import { visible } from "../text/visible.ts";
import type { FailuresSearch } from "./search.ts";

interface FailureGroupsProps {
  readonly groups: FailureReport["groups"];
  readonly search: FailuresSearch;
}

/** Each reason: what it means, what stays, what to do; the rows of one at a press. */
export function FailureGroups({ groups, search }: FailureGroupsProps) {
  return (
    <ul className="cb-reasons cb-reason-cards">
      {groups.map((group) => (
        <li key={group.reason} className={group.reason === search.reason ? "cb-panel cb-chosen" : "cb-panel"}>
          <div className="cb-row">
            <Badge tone={group.infrastructure ? "mixed" : "bad"} text={group.reason} />
            <strong>{counted(group.count, "repository", "repositories")}</strong>
            <span className="cb-dim">
              in {counted(group.batches, "batch", "batches")}
              {group.infrastructure ? ", a fault of the cluster" : ""}
            </span>
          </div>
          <p>{visible(group.meaning ?? "A reason that this version of the dashboard does not know.")}</p>
          {group.next !== undefined && (
            <p>
              <strong>Next:</strong> {visible(group.next)}
            </p>
          )}
          {group.kept !== undefined && <p className="cb-dim">{visible(group.kept)}</p>}
          <Link to="/failures" search={{ namespace: search.namespace, reason: group.reason === search.reason ? undefined : group.reason }}>
            {group.reason === search.reason ? "Show all reasons" : "Show only these"}
          </Link>
        </li>
      ))}
    </ul>
  );
}
