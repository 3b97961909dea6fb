import { formatUSD } from "@codybatch/crds";
import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import type { Viewer } from "../access/viewer.ts";
import { explained } from "../list/explained.ts";
import { repositoryRow } from "../list/repositories.ts";
import { runningOf } from "../payload/attempt.ts";
import { ownerOf } from "../payload/patch.ts";
import type { Live, Shelf } from "../payload/shelf.ts";
import type { Subject } from "../payload/subject.ts";
import { repositoryEntry } from "../watch/repository-entry.ts";
import { totalsOf, usedOf } from "../watch/used.ts";
import { Words } from "../watch/word.ts";
import { attemptViews } from "./attempts.ts";
import type { DetailRights } from "./batch.ts";
import { repositoryCommands } from "./commands.ts";
import { unlessForbidden } from "./unless-forbidden.ts";

interface Asked {
  readonly shelf: Shelf;
  readonly subject: Subject;
  readonly claim: string | undefined;
  readonly viewer: Viewer;
  readonly rights: DetailRights;
}

/** One repository as it is at the moment. */
export async function repositoryDetail({
  shelf,
  subject,
  claim,
  viewer,
  rights,
}: Asked): Promise<Omit<RepositoryDetail, "version" | "staleSince">> {
  const running = runningOf(subject);
  const live = running === undefined ? undefined : await unlessForbidden(() => shelf.live(ownerOf(subject), running.pod, running.podUID));
  const attempts = attemptViews({ shelf, subject, live, claim, mayCost: rights.cost });
  const { status } = subject;
  const progress = live === undefined ? undefined : progressOf(live, rights.cost);
  return {
    ...factsOf(subject),
    row: repositoryRow(repositoryEntry(subject, new Words()), rights.cost),
    patch: attempts.find(({ patch }) => patch.state !== "none")?.patch ?? { state: "none" },
    transcript: attempts.find(({ transcript }) => transcript.state !== "none")?.transcript ?? { state: "none" },
    ...(status.usage === undefined || !rights.cost ? {} : { usage: totalsOf(usedOf(status.usage)) }),
    attempts,
    ...(progress === undefined ? {} : { progress }),
    commands: repositoryCommands(subject, viewer.user),
    rights,
  };
}

function factsOf({ metadata, spec, status }: Subject) {
  const { phase = "Pending", reason, message, result, pullRequest, conditions = [] } = status;
  const { url, branch, instructions } = spec.repository;
  return {
    namespace: metadata.namespace,
    batchChange: spec.batchChange,
    url,
    branch,
    createdAt: metadata.creationTimestamp,
    phase,
    conditions,
    ...(instructions === undefined ? {} : { instructions }),
    ...(reason === undefined ? {} : { explained: explained(reason) }),
    ...(message === undefined ? {} : { message }),
    ...(result === undefined ? {} : { result }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(spec.approval === undefined ? {} : { approval: spec.approval }),
  };
}

function progressOf({ progress }: Live, mayCost: boolean): RepositoryDetail["progress"] {
  if (progress === undefined) return undefined;
  const { turn, activity, updatedAt, usage } = progress;
  const { input, output, cacheRead, cacheWrite, costNanoUSD } = usage;
  const cost = costNanoUSD === undefined ? {} : { costUSD: formatUSD(costNanoUSD) };
  return { turn, activity, updatedAt, ...(mayCost ? { usage: { input, output, cacheRead, cacheWrite, ...cost } } : {}) };
}
