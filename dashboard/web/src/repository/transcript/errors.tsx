import type { TranscriptOutline } from "@codybatch/dashboard-contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { memo, useCallback, useEffect } from "react";
import { asking } from "../../client/client.ts";
import { useKeys } from "../../keyboard/keys.ts";
import { counted } from "../../money/format.ts";
import { oneLine, shortened } from "../../text/visible.ts";
import { nextError } from "./next-error.ts";
import type { Place } from "./pages.ts";

interface ErrorsProps {
  readonly place: Place;
  readonly attempt: string | undefined;
  /** Event that is pointed at now. */
  readonly at: number | undefined;
  readonly onGo: (n: number) => void;
  /** Events so far; more of them may hold more errors. */
  readonly events: number;
}

/** What went wrong, anywhere in the transcript; `e` leads from one to the next. */
export function Errors({ place, attempt, at, onGo, events }: ErrorsProps) {
  const query = useQuery({ ...asking("transcriptOutline", { params: place, query: { attempt } }), placeholderData: keepPreviousData });
  const { data, refetch, isFetching } = query;
  useEffect(() => {
    if (data !== undefined && !isFetching && data.events < events) void refetch();
  }, [data, isFetching, events, refetch]);
  const errors = data?.errors;
  const go = useCallback((): void => {
    const next = nextError(errors ?? [], at);
    if (next !== undefined) onGo(next);
  }, [errors, at, onGo]);
  useKeys({ e: go });
  return errors === undefined || errors.length === 0 ? undefined : <ErrorList errors={errors} onNext={go} onGo={onGo} />;
}

interface ErrorListProps extends Pick<ErrorsProps, "onGo"> {
  readonly errors: TranscriptOutline["errors"];
  readonly onNext: () => void;
}

const ErrorList = memo(function ErrorList({ errors, onNext, onGo }: ErrorListProps) {
  return (
    <details className="cb-menu cb-errors">
      <summary>{counted(errors.length, "error")}</summary>
      <div className="cb-menu-body">
        <button type="button" className="cb-button" onClick={onNext}>
          Next error <kbd>e</kbd>
        </button>
        <ul>
          {errors.slice(0, 100).map(({ n, kind, text }) => (
            <li key={n}>
              <button type="button" className="cb-plain" onClick={() => onGo(n)}>
                #{n} {kind}: {shortened(oneLine(text), 120)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
});
