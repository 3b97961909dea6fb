import type { DiscoverInput } from "@codybatch/crds";
import type { Refusal } from "../accepted.ts";
import type { Observed } from "../observed.ts";
import { bytesPerTry } from "../storage.ts";
import { createTask } from "../task/create.ts";
import { isTaskRefused } from "../task/refused.ts";
import { isTaskSettled } from "../task/settled.ts";
import { tasksOf } from "../task/task.ts";
import type { Action } from "../wish.ts";
import { isDiscovered } from "./answer.ts";
import { isFinal, subjectOf, type Search } from "./search.ts";

/** What starting and ending the search depends on. */
export interface Discovering {
  readonly observed: Observed;
  readonly refusal: Refusal | undefined;
  readonly search: Search;
}

/** The Job that searches, also while the batch is suspended: what it finds can then be read before anything is paid for. */
export function discoveryActions(discovering: Discovering): readonly Action[] {
  const { observed, refusal } = discovering;
  if (observed.batch.spec.cancel) return searchesToEnd(observed);
  if (refusal !== undefined || !isDue(discovering) || isTaskRefused(observed)) return [];
  return [{ kind: "EnsureRecorderAccess", namespace: observed.batch.metadata.namespace }, jobOf(observed)];
}

/** When the search is tried again, or its Job is given up. */
export function discoveryWakes({ observed: { batch }, search }: Discovering): Date | undefined {
  const { againAt, outcome } = search.status ?? {};
  if (batch.spec.repositorySelector === undefined || outcome === "Discovered") return undefined;
  return search.runs ? search.until : againAt === undefined ? undefined : new Date(againAt);
}

function isDue({ observed, search: { status, runs } }: Discovering): boolean {
  if (runs || isDiscovered(observed.batch, observed)) return false;
  // In the pass that learns of it nothing is known of the list yet.
  if (status?.outcome === "Discovered") return observed.discovered?.kind === "Gone";
  if (status?.outcome === undefined) return true;
  if (isFinal(status.reason)) return status.subject !== subjectOf(observed);
  return status.againAt === undefined || new Date(status.againAt) <= observed.now;
}

function searchesToEnd({ batch, changesets, tasks }: Observed): readonly Action[] {
  return tasksOf(tasks, "discover", batch.metadata.uid)
    .filter((job) => !job.deleting && job.finishedAt === undefined && !isTaskSettled(job, { batch, changesets }))
    .map(({ name, uid }) => ({ kind: "DeleteTask", name, uid }));
}

function jobOf(observed: Observed): Action {
  const owner = { kind: "BatchChange", metadata: observed.batch.metadata } as const;
  return createTask(observed, { owner, input: inputOf(observed), subject: subjectOf(observed) });
}

function inputOf({ batch: { metadata, spec }, limits, settings }: Observed): DiscoverInput {
  const { namespace, name, uid } = metadata;
  const { type } = spec.resultStorage;
  return {
    version: 1,
    task: "discover",
    namespace,
    batchChange: { name, uid },
    githubURL: originOfAPI(settings.runner.githubApiURL),
    selector: spec.repositorySelector ?? { archived: false, forks: false, limit: 1 },
    listed: (spec.repositories ?? []).map(({ url, branch }) => ({ url, branch })),
    repositoryPatterns: [...limits.repositoryPatterns],
    maxRepositories: limits.maxRepositories,
    storage: { type, maxBytes: bytesPerTry(limits, type) },
  };
}

/** Origin of the repositories of the host whose API is there: Enterprise Server has both at one origin, GitHub's clouds have not. */
export function originOfAPI(api: string | undefined): string {
  const { protocol, host, origin, pathname } = new URL(api ?? "https://api.github.com");
  return host.startsWith("api.") && !pathname.startsWith("/api/") ? `${protocol}//${host.slice("api.".length)}` : origin;
}
