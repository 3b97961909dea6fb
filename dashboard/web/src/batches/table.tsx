import type { BatchRow } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { dollars } from "../money/format.ts";
import { PhaseBadge } from "../status/badge.tsx";
import { ProgressBar } from "../status/progress.tsx";
import { visible } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";
import { SortHead } from "../url/sort-head.tsx";
import { type BatchesSearch, refined } from "./search.ts";
import { CardTable } from "../table/card-table.tsx";

/** One line for each batch, its status first. */
export function BatchTable({ rows, search }: { readonly rows: readonly BatchRow[]; readonly search: BatchesSearch }) {
  const head = (name: string, ascending: BatchesSearch["sort"], descending: BatchesSearch["sort"], isNumber = false) => (
    <SortHead
      name={name}
      direction={search.sort === ascending ? "ascending" : (search.sort ?? "-created") === descending ? "descending" : undefined}
      to="/"
      isNumber={isNumber}
      search={refined(search, { sort: search.sort === descending ? ascending : descending })}
    />
  );
  return (
    <CardTable
      head={
        <>
          {head("Status", "phase", "phase")}
          {head("Batch", "name", "-name")}
          {head("Progress", "-finished", "-finished")}
          {head("Failed", "-failed", "-failed", true)}
          <th scope="col" className="cb-number">
            Pull requests
          </th>
          {head("Cost", "cost", "-cost", true)}
          {head("Age", "created", "-created", true)}
        </>
      }
    >
      {rows.map((row) => (
        <Row key={`${row.namespace}/${row.name}`} row={row} />
      ))}
    </CardTable>
  );
}

const Row = memo(function Row({ row }: { readonly row: BatchRow }) {
  const { namespace, name, phase, total, finished, failed, pullRequests, merged, costUSD, budgetUSD, createdAt } = row;
  return (
    <tr>
      <td data-label="Status">
        <PhaseBadge phase={phase} />
      </td>
      <th scope="row" data-label="Batch">
        <Link to="/batches/$namespace/$name" params={{ namespace, name }} data-row>
          {visible(name)}
        </Link>{" "}
        <span className="cb-dim">{visible(namespace)}</span>
      </th>
      <td data-label="Progress">
        <ProgressBar finished={finished} failed={failed} total={total} />
      </td>
      <td data-label="Failed" className={failed > 0 ? "cb-number cb-bad" : "cb-number cb-dim"}>
        {failed}
      </td>
      <td data-label="Pull requests" className="cb-number cb-nowrap">
        {pullRequests === 0 ? <span className="cb-dim cb-none">–</span> : `${merged}/${pullRequests} merged`}
      </td>
      <td data-label="Cost" className="cb-number" title={budgetUSD === undefined ? undefined : `of ${dollars(budgetUSD)}`}>
        {costUSD === undefined ? <span className="cb-dim cb-none">–</span> : dollars(costUSD)}
      </td>
      <td data-label="Age" className="cb-number">
        <Moment at={createdAt} />
      </td>
    </tr>
  );
});
