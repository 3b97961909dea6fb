import type { ChangesetPhase, Reason } from "@codybatch/crds";
import { meaningOf } from "./messages.ts";

/** Phase, reason and message: what a person reads first. */
export interface Standing {
  readonly phase: ChangesetPhase;
  readonly reason: string;
  readonly message: string;
}

/** A phase with a reason that `crds` explains. `said` takes the place of its general meaning. */
export function standing(phase: ChangesetPhase, reason: Reason, said?: string): Standing {
  return { phase, reason, message: meaningOf(reason, said) };
}
