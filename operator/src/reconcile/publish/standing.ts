import { isReason, type ChangesetPhase, type Reason, type StoredPatch } from "@codybatch/crds";
import { approveAgainCommand, readPatchCommand, retryCommand } from "../messages.ts";
import type { Observed } from "../observed.ts";
import { standing, type Standing } from "../said.ts";
import { pullRequestStanding } from "../tracking/standing.ts";
import type { Work } from "../work.ts";
import { mendingEnded } from "./mending.ts";
import type { Publication } from "./publication.ts";
import { closing } from "./record.ts";

type Spec = Observed["batch"]["spec"];

/** What publishing says of a Changeset; undefined where the run has the word. */
export function publishStanding(work: Work, { state, record }: Publication, patch: StoredPatch, spec: Spec): Standing | undefined {
  const { publishing } = record;
  switch (state.kind) {
    case "Elsewhere":
      return undefined;
    case "Cancelled":
      return standing("Cancelled", "CancelRequested");
    case "Published":
      return published(work, record, spec);
    case "Due":
      return standing("Publishing", "PublishRunning");
    case "Running":
      return standing("Publishing", "PublishRunning", state.waits === undefined ? undefined : `Its pod waits: ${state.waits}.`);
    case "Waiting":
      return standing("Publishing", state.wait.reason, state.wait.message);
    case "Resting":
      return restingStanding(publishing, state.until);
    case "Ended":
      return endedStanding(work, { publishing, patch, spec });
  }
}

/** With what failed checks leave to do, what could not be done beside it, and what became of closing it. */
function published(work: Work, record: Publication["record"], spec: Spec): Standing | undefined {
  const { pullRequest, publishing, open } = record;
  if (pullRequest === undefined) return undefined;
  const { message, ...rest } = pullRequestStanding(pullRequest);
  const isClosing = open?.job.subject === closing;
  const hasFailed = publishing?.digest === closing && publishing.message !== undefined && rest.phase === "Open";
  const words = [
    message,
    ...mendingEnded(work, record, spec),
    ...(publishing?.warnings ?? []),
    ...(isClosing ? ["It is being closed, because the batch was cancelled."] : []),
    ...(hasFailed && !isClosing ? [`It was not closed: ${publishing.message ?? ""}`] : []),
  ];
  return { ...rest, message: words.join(" ") };
}

function restingStanding(publishing: Publication["record"]["publishing"], until: Date): Standing {
  const again = `It is tried again by itself at ${until.toISOString()}.`;
  const said = [publishing?.message, again].filter((part) => part !== undefined).join(" ");
  if (publishing?.outcome === "RateLimited") return { phase: "Publishing", reason: "WaitingForRateLimit", message: said };
  return { phase: "Publishing", reason: reasonOf(publishing), message: said };
}

function reasonOf(publishing: Publication["record"]["publishing"]): Reason {
  const { reason = "" } = publishing ?? {};
  if (publishing?.outcome === "Refused" && isReason(reason)) return reason;
  return publishing?.outcome === "Lost" ? "JobLost" : "HostUnavailable";
}

interface End {
  readonly publishing: Publication["record"]["publishing"];
  readonly patch: StoredPatch;
  readonly spec: Spec;
}

/** What the approval brought may be asked for again without paying Claude again, once its cause is mended. */
function endedStanding({ changeset }: Work, { publishing, patch, spec }: End): Standing {
  const reason = reasonOf(publishing);
  const again =
    spec.publish.policy === "OnApproval"
      ? `Then publish again: ${approveAgainCommand(changeset, patch)}`
      : "Then edit spec.publish of the BatchChange, which publishes again.";
  const next = needsNewPatch.has(reason) ? `Make the patch anew: ${retryCommand(changeset)}` : again;
  const download = reason === "NotOwned" ? `The patch: ${readPatchCommand(changeset, patch)}` : "";
  const message = [publishing?.message, download, next].filter((part) => part !== undefined && part !== "").join(" ");
  return { phase: phaseOf(reason), reason, message };
}

/** It ended as a failure that is in status, and nothing of it runs. */
export function isLeftToPerson({ changeset }: Work, publication: Publication | undefined): boolean {
  const { state, record } = publication ?? {};
  const isTold = record?.publishing?.settled === changeset.status?.publishing?.settled;
  return state?.kind === "Ended" && isTold && phaseOf(reasonOf(record?.publishing)) === "Failed";
}

/** Where a publish Job has to wait for its credential's pace. A time that was told and has not come is told no other way, for each would be a write. */
export function paceStanding({ changeset: { status } }: Work, until: Date | undefined, now: Date): Standing {
  const told = /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(status?.message ?? "")?.[0];
  const isWaiting = status?.phase === "Publishing" && status.reason === "WaitingForRateLimit" && told !== undefined;
  if (isWaiting && new Date(told) > now) return { phase: "Publishing", reason: "WaitingForRateLimit", message: status.message ?? "" };
  if (until === undefined) return standing("Publishing", "WaitingForSlot", "As many publish Jobs run as the administrator allows.");
  const words = `One credential makes pull requests one after the other, as many in a minute and an hour as the administrator allows; this one's turn is at about ${until.toISOString()}.`;
  return standing("Publishing", "WaitingForRateLimit", words);
}

/** Publishing the same patch again could only end the same way. */
const needsNewPatch: ReadonlySet<string> = new Set(["PatchMismatch", "TreeMismatch", "BaseGone"]);

function phaseOf(reason: Reason): ChangesetPhase {
  if (reason === "NotOwned") return "Ready";
  return reason === "Closed" ? "Closed" : "Failed";
}
