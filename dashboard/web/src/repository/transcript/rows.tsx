import type { TranscriptItem } from "@codybatch/dashboard-contract";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { moveFocus, useKeys } from "../../keyboard/keys.ts";
import { EventCard } from "./event-card.tsx";
import { useScrolledUp } from "./follow.ts";
import type { Place } from "./pages.ts";
import { useSoFar } from "./so-far.ts";
import { StepLine } from "./step-line.tsx";
import { story } from "./story.ts";

interface RowsProps {
  readonly items: readonly TranscriptItem[];
  readonly mode: "simplified" | "technical";
  readonly pointedAt: number | undefined;
  readonly isFollowing: boolean;
  readonly onScrolledUp: () => void;
  readonly place: Place;
  readonly attempt: string | undefined;
}

const none: readonly TranscriptItem[] = [];

/** The rows that are on screen, of thousands. Old rows are not touched when new ones come. */
export const Rows = memo(function Rows({ items, mode, pointedAt, isFollowing, onScrolledUp, place, attempt }: RowsProps) {
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const { steps, count, keyAt } = useEntries(mode, items);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => (mode === "simplified" ? 36 : 120),
    overscan: 12,
    scrollMargin: margin,
    getItemKey: keyAt,
  });
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), [mode]);
  const isHere = pointedAt !== undefined && (items.at(-1)?.n ?? 0) >= pointedAt;
  useEffect(() => {
    if (pointedAt === undefined || !isHere) return;
    const found = mode === "simplified" ? steps.findLastIndex(({ n }) => n <= pointedAt) : items.findIndex(({ n }) => n === pointedAt);
    if (found !== -1) rows.scrollToIndex(found, { align: "center" });
    // Once for each target and form, when its page has come; appended rows must not pull the page back.
  }, [pointedAt, mode, isHere]);
  useEffect(() => {
    if (isFollowing && count > 0) rows.scrollToIndex(count - 1, { align: "end" });
  }, [count, isFollowing, rows]);
  useScrolledUp(isFollowing, onScrolledUp);
  useKeys({ j: () => moveFocus("[data-event]", 1), k: () => moveFocus("[data-event]", -1) });
  return (
    <ol ref={list} className="cb-events" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ key, index, start }) => {
        const [step, item] = [steps[index], items[index]];
        return (
          <li key={key} ref={rows.measureElement} data-index={index} style={{ transform: `translateY(${start - margin}px)` }}>
            {mode === "simplified" && step !== undefined && (
              <StepLine
                step={step}
                size={step.events.length}
                isPointedAt={isWithin(step.events, pointedAt)}
                place={place}
                attempt={attempt}
              />
            )}
            {mode === "technical" && item !== undefined && (
              <EventCard item={item} isPointedAt={item.n === pointedAt} place={place} attempt={attempt} />
            )}
          </li>
        );
      })}
    </ol>
  );
});

/** What stands in the rows, and by which key the size of each is kept. */
function useEntries(mode: RowsProps["mode"], items: readonly TranscriptItem[]) {
  const { steps } = useSoFar(story, mode === "simplified" ? items : none);
  // Numbers of which those of one form are never those of the other.
  const keyAt = useCallback(
    (index: number): number => (mode === "simplified" ? (steps[index]?.n ?? index) : -(items[index]?.n ?? index)),
    [mode, steps, items],
  );
  return { steps, count: mode === "simplified" ? steps.length : items.length, keyAt };
}

function isWithin(events: readonly TranscriptItem[], n: number | undefined): boolean {
  return n !== undefined && events.some((event) => event.n === n);
}
