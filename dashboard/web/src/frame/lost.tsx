import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { PartMissing } from "./part.ts";
import { useTitle } from "./title.ts";

export function Lost() {
  useTitle("No such page");
  return (
    <section className="cb-panel">
      <h1>No such page</h1>
      <p>
        This address leads nowhere. <Link to="/">All batches</Link> are one step away.
      </p>
    </section>
  );
}

/** A fault of the page itself; the rest of the dashboard goes on. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const isMissing = error instanceof PartMissing;
  return (
    <section className="cb-panel cb-fault" role="alert">
      <h1>{isMissing ? "This page could not be loaded" : "This page broke"}</h1>
      <p>
        {isMissing
          ? "The server was not reached, or the dashboard was upgraded while this tab was open. Once the server is back, loading it again is enough."
          : "It is a fault of the dashboard, not of your batch. If it happens again, tell who runs the dashboard what stands below."}
      </p>
      <pre>{error instanceof Error ? error.message : "unknown"}</pre>
      <p className="cb-row">
        <button type="button" className="cb-button" onClick={() => window.location.reload()}>
          Load again
        </button>
        <button type="button" className="cb-plain" onClick={reset}>
          Try again
        </button>
      </p>
    </section>
  );
}
