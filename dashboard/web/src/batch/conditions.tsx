import type { BatchDetail } from "@codybatch/dashboard-contract";
import { ConditionTable } from "../status/conditions.tsx";
import { Badge } from "../status/badge.tsx";
import { visible } from "../text/visible.ts";
import { Moment } from "../time/moment.tsx";
import { CardTable, Heads } from "../table/card-table.tsx";

export function ConditionsAndEvents({ detail: { conditions, events } }: { readonly detail: BatchDetail }) {
  return (
    <section aria-label="Conditions and events" className="cb-stack">
      <h2>Conditions</h2>
      <ConditionTable conditions={conditions} />
      <h2>Events</h2>
      {events === undefined && <p>The dashboard may not read Events here. kubectl events shows them to who may.</p>}
      {events?.length === 0 && <p>There are none. Kubernetes keeps them for about an hour.</p>}
      {events !== undefined && events.length > 0 && <Events events={events} />}
    </section>
  );
}

function Events({ events }: { readonly events: NonNullable<BatchDetail["events"]> }) {
  return (
    <CardTable head={<Heads names={["Type", "When", "About", "Reason", "Message"]} />}>
      {events.map((event) => (
        <tr key={`${event.at}${event.about}${event.reason}${event.message}`}>
          <td data-label="Type">
            <Badge tone={event.type === "Warning" ? "bad" : "neutral"} text={event.type} />
          </td>
          <td data-label="When">
            <Moment at={event.at} /> {event.count > 1 && <span className="cb-dim">× {event.count}</span>}
          </td>
          <td data-label="About">{visible(event.about)}</td>
          <td data-label="Reason">{visible(event.reason)}</td>
          <td data-label="Message" className="cb-break">
            {visible(event.message)}
          </td>
        </tr>
      ))}
    </CardTable>
  );
}
