import { claimPath, type Attempt } from "@codybatch/crds";
import type { AttemptView, Availability } from "@codybatch/dashboard-contract";
import { explained } from "../list/explained.ts";
import { attemptId, isOnClaim, runningOf } from "../payload/attempt.ts";
import { copyLine, type Live, type Shelf } from "../payload/shelf.ts";
import type { Subject } from "../payload/subject.ts";
import { totalsOf, usedOf } from "../watch/used.ts";

export interface AttemptContext {
  readonly shelf: Shelf;
  readonly subject: Subject;
  readonly live: Live | undefined;
  readonly claim: string | undefined;
  readonly mayCost: boolean;
}

/** Newest first, the running one before all. */
export function attemptViews(context: AttemptContext): AttemptView[] {
  const running = runningView(context);
  const ended = (context.subject.status.attempts ?? []).toReversed().map((attempt) => endedView(context, attempt));
  return running === undefined ? ended : [running, ...ended];
}

function runningView({ subject, live }: AttemptContext): AttemptView | undefined {
  const running = runningOf(subject);
  if (running === undefined) return undefined;
  const [attempt = 0, number = 0] = running.id.split("-").map(Number);
  const known = live?.progress?.patch;
  const hasPatch = live?.patchGz !== undefined && known !== undefined;
  return {
    id: running.id,
    attempt,
    try: number,
    job: subject.status.job ?? "",
    outcome: "Running",
    patch: hasPatch ? { state: "live", digest: known.digest, baseCommit: known.baseCommit, bytes: known.bytes } : { state: "none" },
    transcript: live === undefined ? { state: "none" } : { state: "live", events: live.record.transcript.events },
  };
}

function endedView(context: AttemptContext, attempt: Attempt): AttemptView {
  const { usage, patch, transcript, startedAt, finishedAt, promptVersion } = attempt;
  const seconds = startedAt === undefined || finishedAt === undefined ? undefined : secondsBetween(startedAt, finishedAt);
  return {
    id: attemptId(attempt),
    attempt: attempt.attempt,
    try: attempt.try,
    job: attempt.job,
    outcome: attempt.outcome,
    explained: explained(attempt.reason),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(promptVersion === undefined ? {} : { promptVersion }),
    inputsHash: attempt.inputsHash,
    ...(usage === undefined || !context.mayCost ? {} : { usage: totalsOf(usedOf(usage)) }),
    patch:
      patch === undefined
        ? { state: "none" }
        : { ...placeOf(context, patch.ref, "patch"), digest: patch.digest, baseCommit: patch.baseCommit, bytes: patch.bytes },
    transcript:
      transcript === undefined
        ? { state: "none" }
        : {
            ...placeOf(context, transcript.refs[0], "transcript"),
            events: transcript.events,
            ...(transcript.truncated === true ? { truncated: true } : {}),
          },
  };
}

/** Whether it can be shown from here. `stored` is status' word: a ConfigMap that was deleted by hand shows when it is opened. */
function placeOf({ shelf, subject, claim }: AttemptContext, ref: string | undefined, what: "patch" | "transcript"): Availability {
  if (ref === undefined) return { state: subject.status.reason === "PatchPruned" ? "pruned" : "none" };
  const path = claimPath(ref);
  const { namespace } = subject.metadata;
  if (path === undefined || !isOnClaim(ref) || shelf.isMounted(namespace, claim)) return { state: "stored" };
  const isPlain = claim !== undefined && /^[-a-z0-9.]+$/.test(claim) && /^[-a-z0-9./]+$/.test(path);
  if (!isPlain) return { state: "elsewhere" };
  return {
    state: "elsewhere",
    command: { purpose: "copy", title: `Copy the ${what} from the claim`, line: copyLine(namespace, claim, path) },
  };
}

function secondsBetween(from: string, to: string): number | undefined {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : undefined;
}
