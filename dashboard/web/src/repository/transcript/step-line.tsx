import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { signs } from "../../status/tone.ts";
import { Clock } from "../../time/moment.tsx";
import { EventCard } from "./event-card.tsx";
import type { Place } from "./pages.ts";
import type { Step } from "./story.ts";

interface StepLineProps {
  readonly step: Step;
  /** Events of the step: with it a step that grew is told from one that did not. */
  readonly size: number;
  readonly isPointedAt: boolean;
  readonly place: Place;
  readonly attempt: string | undefined;
}

/** One line of the story; its events can be unfolded below it. */
export const StepLine = memo(
  function StepLine({ step, isPointedAt, place, attempt }: StepLineProps) {
    const { n, turn, at, tone, text, said, events } = step;
    const [isOpen, setOpen] = useState(false);
    return (
      <div className={`cb-step${isPointedAt ? " cb-pointed" : ""}`}>
        <div className="cb-step-line">
          <button type="button" className="cb-plain cb-step-text" aria-expanded={isOpen} data-event onClick={() => setOpen(!isOpen)}>
            <span className={`cb-sign cb-tone-${tone}`} aria-hidden="true">
              {signs[tone]}
            </span>
            <span>
              {text}
              {said !== undefined && <span className="cb-dim cb-said"> “{said}”</span>}
            </span>
          </button>
          <Link
            from="/batches/$namespace/$name/$changeset"
            to="."
            search={(search) => ({ ...search, event: n })}
            resetScroll={false}
            className="cb-event-number"
            aria-label={`Link to event ${n}`}
          >
            #{n}
          </Link>
          <span className="cb-dim cb-wide-only">{turn === 0 ? "" : `turn ${turn}`}</span>
          <span className="cb-dim cb-wide-only">
            <Clock at={at} />
          </span>
        </div>
        {isOpen && (
          <div className="cb-step-events">
            {events.map((item) => (
              <EventCard key={item.n} item={item} isPointedAt={false} place={place} attempt={attempt} />
            ))}
          </div>
        )}
      </div>
    );
  },
  (before, after) =>
    before.step.n === after.step.n &&
    before.size === after.size &&
    before.step.text === after.step.text &&
    before.isPointedAt === after.isPointedAt &&
    before.attempt === after.attempt,
);
