import { faultStatus, type Fault, type FaultKind, type Needs } from "@codybatch/dashboard-contract";
import { ApiError, isRetryable } from "@codybatch/operator";

type Told = Omit<Fault["error"], "kind" | "message">;

/** A request that is answered with a fault of the contract. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly fault: Fault["error"];

  constructor(kind: FaultKind, message: string, told: Told = {}) {
    super(message);
    this.fault = { kind, message, ...told };
  }

  get status(): number {
    return faultStatus[this.fault.kind];
  }
}

/** The same for what is not there and what may not be seen, so that nobody learns of names by asking. */
export function notFound(what: string): Refusal {
  return new Refusal("NotFound", `There is no ${what} of this name, or you may not see it.`);
}

export function forbidden(needs: Needs): Refusal {
  const where = needs.namespace === undefined ? "in all namespaces" : `in namespace ${needs.namespace}`;
  const right = `${needs.verb} ${needs.resource}.${needs.group}`;
  return new Refusal("Forbidden", `You have no right to ${right} ${where}. Ask an administrator for a Role with it.`, { needs });
}

/** What went wrong, as a viewer may know it: faults of our own and of the API server are not quoted. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isRetryable(error))
    return new Refusal("Unavailable", "The API server does not answer at the moment. Try again soon.", { retryAfterSeconds: 5 });
  if (error instanceof ApiError && error.status === 403) {
    return new Refusal(
      "Unavailable",
      "The dashboard's own ServiceAccount lacks a right for this. An administrator finds it in the dashboard's log.",
    );
  }
  const status = statusOf(error);
  if (status === 404) return new Refusal("NotFound", "There is no such page.");
  if (status === 413) return new Refusal("TooLarge", "The request is too large.");
  if (status !== undefined && status >= 400 && status < 500) return new Refusal("BadRequest", "The request cannot be read.");
  return new Refusal("Internal", "The dashboard failed by a fault of its own. Its log says more.");
}

/** Express and its parsers mark their errors with a status. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  return typeof error.status === "number" ? error.status : undefined;
}
