import type { RepositoryRow } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { dollars } from "../money/format.ts";
import { PullRequestMark } from "../repository/pull-request-mark.tsx";
import { PhaseBadge } from "../status/badge.tsx";
import { visible } from "../text/visible.ts";
import { Lasting } from "../time/moment.tsx";

interface LineProps {
  readonly row: RepositoryRow;
  readonly namespace: string;
  readonly name: string;
  readonly canSeeCost: boolean;
}

export const RepositoryLine = memo(function RepositoryLine({ row, namespace, name, canSeeCost }: LineProps) {
  const { changeset, repository, branch, phase, reason, additions, deletions, attempts, outdated } = row;
  return (
    <tr>
      <td data-label="Status">
        <PhaseBadge phase={phase} />
      </td>
      <th scope="row" data-label="Repository">
        <Link to="/batches/$namespace/$name/$changeset" params={{ namespace, name, changeset }} data-row>
          {visible(repository)}
        </Link>
        {branch !== undefined && <span className="cb-dim"> {visible(branch)}</span>}
        {outdated === true && (
          <span className="cb-dim" title="The prompt or the like changed since">
            {" "}
            outdated
          </span>
        )}
      </th>
      <td data-label="Attempts" className="cb-number">
        {attempts}
      </td>
      <td data-label="Reason" className="cb-reason">
        {reason === undefined ? "" : visible(reason)}
      </td>
      <td data-label="+/−" className="cb-number cb-nowrap">
        <Lines additions={additions} deletions={deletions} />
      </td>
      <td data-label="Pull request">
        {row.pullRequest === undefined ? <span className="cb-dim cb-none">–</span> : <PullRequestMark {...row.pullRequest} phase={phase} />}
      </td>
      {canSeeCost && (
        <td data-label="Cost" className="cb-number">
          {row.costUSD === undefined ? <span className="cb-dim cb-none">–</span> : dollars(row.costUSD)}
        </td>
      )}
      <td data-label="Duration" className="cb-number">
        <Lasting seconds={row.seconds} since={phase === "Running" ? row.startedAt : undefined} />
      </td>
    </tr>
  );
});

function Lines({ additions = 0, deletions = 0 }: Pick<RepositoryRow, "additions" | "deletions">) {
  if (additions + deletions === 0) return <span className="cb-dim cb-none">–</span>;
  return (
    <>
      <span className="cb-add">+{additions}</span> <span className="cb-del">−{deletions}</span>
    </>
  );
}
