import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { mayPass } from "../client/client.ts";
import { Moment } from "../time/moment.tsx";
import { FaultPanel } from "./panel.tsx";

interface AnsweredProps<T> {
  readonly query: Pick<UseQueryResult<T>, "data" | "error" | "isPending" | "refetch">;
  /** What is waited for, such as "batches". */
  readonly what: string;
  readonly children: (answer: T) => ReactNode;
}

/** The states that every answer has: awaited, refused, old, or there. */
export function Answered<T>({ query: { data, error, isPending, refetch }, what, children }: AnsweredProps<T>) {
  const again = (): void => void refetch();
  // What the server refuses now is not shown any longer, though it was given before.
  if (data !== undefined && (error === null || mayPass(error))) {
    return (
      <>
        {error !== null && <OldNote onAgain={again} />}
        <StaleNote answer={data} />
        {children(data)}
      </>
    );
  }
  if (error !== null) return <FaultPanel error={error} onAgain={again} />;
  return isPending ? <Skeleton what={what} /> : undefined;
}

function Skeleton({ what }: { readonly what: string }) {
  return (
    <div className="cb-skeleton" role="status">
      <span className="cb-hidden">Loading {what}</span>
      {["a", "b", "c", "d", "e"].map((line) => (
        <span key={line} aria-hidden="true" className="cb-bone" />
      ))}
    </div>
  );
}

function OldNote({ onAgain }: { readonly onAgain: () => void }) {
  return (
    <div className="cb-note cb-note-warn" role="status">
      The server could not be asked again: this is what it said before.{" "}
      <button type="button" className="cb-plain" onClick={onAgain}>
        Try again
      </button>
    </div>
  );
}

function StaleNote({ answer }: { readonly answer: unknown }) {
  const since = typeof answer === "object" && answer !== null && "staleSince" in answer ? answer.staleSince : undefined;
  if (typeof since !== "string") return undefined;
  return (
    <div className="cb-note cb-note-warn" role="status">
      The dashboard has not heard from the API server since <Moment at={since} exact />. This is what it knew then.
    </div>
  );
}
