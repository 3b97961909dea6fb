import type { BatchDetail } from "@codybatch/dashboard-contract";
import { visible } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";
import { CardTable, Heads } from "../table/card-table.tsx";

/** What holds, as Kubernetes tells it. */
export function ConditionTable({ conditions }: { readonly conditions: BatchDetail["conditions"] }) {
  if (conditions.length === 0) return <p>The operator has not said anything yet. If that stays so, see whether it runs.</p>;
  return (
    <CardTable head={<Heads names={["Condition", "Holds", "Since", "Reason", "Message"]} />}>
      {conditions.map(({ type, status, lastTransitionTime, reason, message }) => (
        <tr key={type}>
          <th scope="row" data-label="Condition">
            {visible(type)}
          </th>
          <td data-label="Holds">{status}</td>
          <td data-label="Since">
            <Moment at={lastTransitionTime} />
          </td>
          <td data-label="Reason">{visible(reason)}</td>
          <td data-label="Message" className="cb-break">
            {visible(message)}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}
