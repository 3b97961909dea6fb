import type { Attempt, BatchChangeSpec, ChangesetPhase } from "@codybatch/crds";
import type { Bird } from "./canary.ts";
import { overtakenBy } from "./publish/mending.ts";
import type { Entry } from "./repositories.ts";
import { furtherTries, nextTry, type Next } from "./retry.ts";
import type { Timings } from "./settings.ts";
import type { Work } from "./work.ts";

/** Where a Changeset stands, before gates decide which of the startable ones start. */
export type Stage =
  | { readonly kind: "Duplicate"; readonly of: string }
  | { readonly kind: "Open" }
  | { readonly kind: "Removed" }
  | { readonly kind: "Cancelled" }
  | { readonly kind: "Startable"; readonly next: Extract<Next, { kind: "Start" }> }
  | { readonly kind: "Delayed"; readonly until: Date }
  | { readonly kind: "Over"; readonly last: Attempt; readonly phase: ChangesetPhase; readonly reason: string };

/** A Job that is still there comes first, then what the user says, then what the run needs. */
export function stageOf(work: Work, spec: BatchChangeSpec, timings: Timings, now: Date): Stage {
  if (work.entry?.duplicateOf !== undefined) return { kind: "Duplicate", of: work.entry.duplicateOf };
  if (work.open !== undefined) return { kind: "Open" };
  if (work.entry === undefined) return { kind: "Removed" };
  const published = overtakenBy(work);
  if (published !== undefined) return { kind: "Over", last: published, ...finalPhase(published, spec) };
  const next = nextTry(work, spec.agent, timings, now);
  if (next.kind === "Over") return { kind: "Over", last: next.last, ...finalPhase(next.last, spec) };
  if (spec.cancel) return { kind: "Cancelled" };
  return next.kind === "Wait" ? { kind: "Delayed", until: next.until } : { kind: "Startable", next };
}

function finalPhase(last: Attempt, { publish }: BatchChangeSpec): { phase: ChangesetPhase; reason: string } {
  switch (last.outcome) {
    case "Reported":
      if (last.patch === undefined) return { phase: "NoChange", reason: "NoChangeNecessary" };
      return publish.policy === "Never"
        ? { phase: "Ready", reason: "PatchReady" }
        : { phase: "AwaitingApproval", reason: "ApprovalNeeded" };
    case "Cancelled":
      return { phase: "Cancelled", reason: last.reason };
    case "InfrastructureFault":
      return { phase: "Failed", reason: last.try < furtherTries ? last.reason : "TriesExhausted" };
    case "Failed":
      return { phase: "Failed", reason: last.reason };
  }
}

/** The repositories that a canary speaks of, in the order of the spec, each as far as it is. */
export function birdsOf(entries: readonly Entry[], works: readonly Work[], stages: ReadonlyMap<Work, Stage>): readonly Bird[] {
  const byName = new Map(works.map((work) => [work.changeset.metadata.name, stages.get(work)]));
  return entries
    .filter(({ duplicateOf }) => duplicateOf === undefined)
    .map(({ changeset }) => ({ changeset, state: birdState(byName.get(changeset)) }));
}

function birdState(stage: Stage | undefined): Bird["state"] {
  if (stage === undefined) return "Unfinished";
  if (stage.kind === "Cancelled") return "Bad";
  if (stage.kind !== "Over") return "Unfinished";
  if (stage.phase === "NoChange") return "NoChange";
  return stage.phase === "Failed" || stage.phase === "Cancelled" ? "Bad" : "Good";
}
