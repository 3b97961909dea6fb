import type { RepositoryRow } from "@codybatch/dashboard-contract";
import { SortHead } from "../url/sort-head.tsx";
import { RepositoryLine } from "./repository-line.tsx";
import { type BatchSearch, refinedRows } from "./search.ts";
import { CardTable } from "../table/card-table.tsx";

interface RepositoryTableProps {
  readonly rows: readonly RepositoryRow[];
  readonly params: { readonly namespace: string; readonly name: string };
  readonly search: BatchSearch;
  readonly canSeeCost: boolean;
}

type Sort = BatchSearch["sort"];

export function RepositoryTable({ rows, params, search, canSeeCost }: RepositoryTableProps) {
  const head = (name: string, ascending: Sort, descending: Sort, isNumber = false) => (
    <SortHead
      name={name}
      direction={(search.sort ?? "phase") === ascending ? "ascending" : search.sort === descending ? "descending" : undefined}
      to="."
      isNumber={isNumber}
      search={refinedRows(search, { sort: (search.sort ?? "phase") === descending ? ascending : descending })}
    />
  );
  return (
    <CardTable
      head={
        <>
          {head("Status", "phase", "phase")}
          {head("Repository", "repository", "-repository")}
          {head("Attempts", "-attempts", "-attempts", true)}
          <th scope="col">Reason</th>
          {head("+/−", "changed", "-changed", true)}
          <th scope="col">Pull request</th>
          {canSeeCost && head("Cost", "cost", "-cost", true)}
          {head("Duration", "duration", "-duration", true)}
        </>
      }
    >
      {rows.map((row) => (
        <RepositoryLine key={row.changeset} row={row} namespace={params.namespace} name={params.name} canSeeCost={canSeeCost} />
      ))}
    </CardTable>
  );
}
