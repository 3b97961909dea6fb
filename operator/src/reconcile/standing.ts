import { isReason, reasons, type Attempt, type BatchChangeSpec, type ChangesetPhase, type StoredPatch } from "@codybatch/crds";
import { checksNote, reportOf } from "./checks.ts";
import type { Decision } from "./gates.ts";
import { approveCommand, meaningOf, nextCommand, progressCommand, readPatchCommand, retryCommand } from "./messages.ts";
import type { ObservedRecord, RefusedPod } from "./observed.ts";
import { isPruned } from "./retention.ts";
import { standing, type Standing } from "./said.ts";
import type { Stage } from "./stage.ts";
import type { Publication } from "./publish/publication.ts";
import { publishStanding } from "./publish/standing.ts";
import { toolboxMessage, waitOfToolbox } from "./toolbox.ts";
import { startedPod, waitOf } from "./waiting.ts";
import type { Work } from "./work.ts";

export interface StandingContext {
  readonly spec: BatchChangeSpec;
  readonly refusedPods: readonly RefusedPod[];
  readonly records: readonly ObservedRecord[];
  readonly publications: ReadonlyMap<Work, Publication>;
  readonly now: Date;
}

/** Undefined: it has only just been given a slot or a Job, and nothing worth a status has happened. */
export function standingOf(work: Work, stage: Stage, decision: Decision | undefined, context: StandingContext): Standing | undefined {
  switch (stage.kind) {
    case "Open":
      return openStanding(work, context);
    case "Startable":
      return decision?.kind === "Wait" ? waitStanding(work, decision) : undefined;
    case "Delayed":
      return standing(
        "Pending",
        "WaitingForRetry",
        `The last try ended with ${work.attempts.at(-1)?.reason ?? "a fault"}; the next one starts soon.`,
      );
    case "Duplicate":
      return standing("Duplicate", "DuplicateRepository", `Changeset ${stage.of} stands for the same repository and branch.`);
    case "Removed":
      return standing("Removed", "RepositoryRemoved");
    case "Cancelled":
      return standing("Cancelled", "CancelRequested");
    case "Over":
      return overStanding(work, stage, context);
  }
}

function waitStanding({ changeset: { status } }: Work, decision: Extract<Decision, { kind: "Wait" }>): Standing | undefined {
  if ("isBrief" in decision && decision.isBrief) return undefined;
  const { reason, message } = decision;
  const said = status?.reason === reason && "steady" in decision ? status.message : undefined;
  if (said !== undefined && "steady" in decision && decision.steady.every((part) => said.includes(part))) {
    return { phase: "Pending", reason, message: said };
  }
  return standing("Pending", reason, message);
}

function openStanding({ open, changeset }: Work, { refusedPods, now }: StandingContext): Standing | undefined {
  if (open === undefined) return undefined;
  if (open.try.stop !== undefined) return standing("Running", open.try.stop, "The Job is being stopped; what it has done is kept.");
  if (open.ending.kind === "Settling") return standing("Running", "AgentRunning", "The pod has ended and its result is awaited.");
  const [held] = open.try.pods.flatMap((one) => waitOfToolbox(one) ?? []);
  if (held !== undefined) return standing("Pending", held.reason, held.message);
  const pod = startedPod(open.try);
  if (pod !== undefined) {
    const message = `Claude works on the repository. See how far it is: ${progressCommand(changeset, pod.name)}`;
    return { phase: "Running", reason: "AgentRunning", message };
  }
  const wait = waitOf(open.try, refusedPods, now);
  return wait === undefined ? undefined : standing("Pending", wait.reason, wait.message);
}

type Over = Extract<Stage, { kind: "Over" }>;

function overStanding(work: Work, { phase, reason, last }: Over, context: StandingContext): Standing {
  const publication = context.publications.get(work);
  const published =
    publication === undefined || last.patch === undefined ? undefined : publishStanding(work, publication, last.patch, context.spec);
  if (published !== undefined) return published;
  if (isPruned(last, context)) return prunedStanding(work, { phase }, context);
  if (phase === "NoChange") return standing(phase, "NoChangeNecessary");
  if (phase === "Ready" && last.patch !== undefined) {
    const message = `The patch is stored and nothing is published. Read it: ${readPatchCommand(work.changeset, last.patch)}`;
    return { phase, reason, message: behindChecks(work, message) };
  }
  if (phase === "AwaitingApproval" && last.patch !== undefined) return awaitingStanding(work, last.patch);
  return { phase, reason, message: storedMessage(work, phase, reason) ?? endMessage(work, reason, context.spec) };
}

function prunedStanding({ changeset }: Work, { phase }: Pick<Over, "phase">, { spec }: StandingContext): Standing {
  const message = `The patch was deleted ${spec.resultStorage.retain} after the end, as spec.resultStorage.retain says; its size and cost stay in status.`;
  const again = spec.cancel ? "" : ` Make it anew: ${retryCommand(changeset)}`;
  return { phase, reason: "PatchPruned", message: message + again };
}

function behindChecks(work: Work, message: string): string {
  return [checksNote(reportOf(work) ?? {}), message].filter((part) => part !== "").join(" ");
}

function awaitingStanding(work: Work, patch: StoredPatch): Standing {
  const { changeset, pullRequest } = work;
  const before = pullRequest === undefined ? "" : `${pullRequest.url} brings an earlier patch. `;
  const message = `Read the patch: ${readPatchCommand(changeset, patch)} — then approve it: ${approveCommand(changeset, patch)}`;
  return { phase: "AwaitingApproval", reason: "ApprovalNeeded", message: behindChecks(work, before + message) };
}

/** The runner's words are known only in the pass that settles a try; afterwards the stored message has them. */
function storedMessage({ changeset: { status }, settled, run }: Work, phase: ChangesetPhase, reason: string): string | undefined {
  const same = status?.phase === phase && status.reason === reason && status.attempt === run && settled.length === 0;
  return same ? status.message : undefined;
}

/** The runner's own words name the remedy already; else the reason's meaning and next step do. */
function endMessage({ changeset, settled, attempts }: Work, reason: string, spec: BatchChangeSpec): string {
  const last = attempts.at(-1);
  const said = reason === last?.reason ? settled.at(-1)?.message : undefined;
  const kept = last?.patch === undefined ? "" : "The patch so far is kept in status.patch.";
  const command = spec.cancel ? "" : nextCommand(reason, changeset, spec);
  return [said ?? causeMessage(reason, last, spec), kept, command].filter((part) => part !== "").join(" ");
}

function causeMessage(reason: string, last: Attempt | undefined, { toolbox }: BatchChangeSpec): string {
  if (reason === "ToolboxUnavailable") return toolboxMessage(undefined, toolbox?.image);
  if (last?.outcome !== "InfrastructureFault") return meaningOf(reason);
  if (reason === "TriesExhausted") return `${meaningOf(reason)} The last try ended with ${last.reason}.`;
  // A fault is followed by a further try for as long as the attempt has money.
  const meaning = isReason(reason) ? reasons[reason].meaning : reason;
  return `${meaning} The attempt's money is used up, so no further try follows: raise spec.agent.maxCostUSD.`;
}
