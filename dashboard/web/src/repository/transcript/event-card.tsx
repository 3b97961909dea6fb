import type { TranscriptItem } from "@codybatch/dashboard-contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { Clock } from "../../time/moment.tsx";
import { EventBody } from "./event-body.tsx";
import { type Fact, factsOf, titleOf } from "./event-facts.ts";
import { type Place, wholeEvent } from "./pages.ts";

interface EventCardProps {
  readonly item: TranscriptItem;
  readonly isPointedAt: boolean;
  readonly place: Place;
  readonly attempt: string | undefined;
}

/** One event with all that is known of it. */
export const EventCard = memo(function EventCard({ item, isPointedAt, place, attempt }: EventCardProps) {
  const [isWhole, setWhole] = useState(false);
  const whole = useQuery({
    ...wholeEvent(place, attempt, item.n),
    enabled: isWhole && item.cut === true,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const event = whole.data?.items[0]?.event ?? item.event;
  const { text, isBad } = titleOf(event);
  return (
    <article
      className={`cb-event${isPointedAt ? " cb-pointed" : ""}${isBad ? " cb-event-bad" : ""}`}
      aria-label={`Event ${item.n}: ${text}`}
    >
      <header className="cb-event-head" data-event tabIndex={-1}>
        <Link
          from="/batches/$namespace/$name/$changeset"
          to="."
          search={(search) => ({ ...search, event: item.n })}
          resetScroll={false}
          className="cb-event-number"
          aria-label={`Link to event ${item.n}`}
        >
          #{item.n}
        </Link>
        <strong>{text}</strong>
        {factsOf(event).map(({ name, value }: Fact) => (
          <span key={name} className="cb-dim">
            {name} {value}
          </span>
        ))}
        <span className="cb-grow" />
        <span className="cb-dim">
          <Clock at={event.at} />
        </span>
      </header>
      <EventBody event={event} />
      {item.cut === true && !isWhole && (
        <button type="button" className="cb-plain" onClick={() => setWhole(true)}>
          A text was cut: show it whole
        </button>
      )}
      {whole.error !== null && <p role="alert">The whole text could not be had. Download the raw transcript instead.</p>}
    </article>
  );
});
