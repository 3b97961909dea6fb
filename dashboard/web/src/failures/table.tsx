import type { FailureReport } from "@codybatch/dashboard-contract";
import { Link } from "@tanstack/react-router";
import { moveFocus, useKeys } from "../keyboard/keys.ts";
import { visible } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";
import { CardTable, Heads } from "../table/card-table.tsx";

export function FailureTable({ rows }: { readonly rows: FailureReport["items"] }) {
  useKeys({ j: () => moveFocus("[data-row]", 1), k: () => moveFocus("[data-row]", -1) });
  return (
    <CardTable head={<Heads names={["Reason", "Repository", "Batch", "Failed"]} />}>
      {rows.map(({ namespace, batchChange: name, changeset, repository, reason, finishedAt }) => (
        <tr key={`${namespace}/${changeset}`}>
          <td data-label="Reason">{visible(reason)}</td>
          <th scope="row" data-label="Repository">
            <Link to="/batches/$namespace/$name/$changeset" params={{ namespace, name, changeset }} data-row>
              {visible(repository)}
            </Link>
          </th>
          <td data-label="Batch">
            <Link to="/batches/$namespace/$name" params={{ namespace, name }} search={{ phase: "Failed" }}>
              {visible(namespace)}/{visible(name)}
            </Link>
          </td>
          <td data-label="Failed">
            <Moment at={finishedAt} />
          </td>
        </tr>
      ))}
    </CardTable>
  );
}
