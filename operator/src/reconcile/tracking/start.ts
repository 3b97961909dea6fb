import { RepositoryName, type TrackedPullRequest, type TrackInput } from "@codybatch/crds";
import type { Observed } from "../observed.ts";
import { bytesPerTry } from "../storage.ts";
import { createTask } from "../task/create.ts";
import type { Action, CreateTask } from "../wish.ts";
import type { Work } from "../work.ts";

/** Pull requests of one Job: as many as fit the annotation of its pod with the longest names. */
const mostAtOnce = 500;

/** The Jobs of one look at these Changesets' pull requests, for one Job asks one host. */
export function lookJobs(observed: Observed, works: readonly Work[]): readonly Action[] {
  const asked = questionsOf(works);
  if (asked.length === 0) return [];
  const jobs = asked.map((question, index) => jobOf(observed, question, index));
  return [{ kind: "EnsureRecorderAccess", namespace: observed.batch.metadata.namespace }, ...jobs];
}

interface Question {
  readonly host: string;
  readonly pullRequests: readonly TrackedPullRequest[];
}

function questionsOf(works: readonly Work[]): readonly Question[] {
  const hosts = Map.groupBy(works, hostOf);
  return [...hosts].flatMap(([host, own]) => {
    const all = host === undefined ? [] : own.flatMap(questionOf);
    const parts = Array.from({ length: Math.ceil(all.length / mostAtOnce) }, (_, part) => part * mostAtOnce);
    return parts.map((start) => ({ host: host ?? "", pullRequests: all.slice(start, start + mostAtOnce) }));
  });
}

/** Origin of a repository; undefined for a path of this machine, which nobody can be asked about. */
function hostOf({ changeset }: Work): string | undefined {
  const url = URL.parse(changeset.spec.repository.url);
  return url === null || !/^https?:$/.test(url.protocol) ? undefined : url.origin;
}

function questionOf({ changeset, pullRequest }: Work): readonly TrackedPullRequest[] {
  const repository = RepositoryName.safeParse(changeset.spec.repository.name).data;
  if (pullRequest === undefined || repository === undefined) return [];
  const { number, headSHA, humanCommits } = pullRequest;
  // A head that is a person's is not what we published: then every commit is looked at.
  const publishedSHA = (humanCommits === true ? undefined : headSHA) ?? "unknown";
  return [{ changeset: changeset.metadata.name, repository, number, publishedSHA }];
}

function jobOf(observed: Observed, { host, pullRequests }: Question, before: number): CreateTask {
  const { batch, limits } = observed;
  const { namespace, name, uid } = batch.metadata;
  const { type } = batch.spec.resultStorage;
  const owner = { kind: "BatchChange", metadata: batch.metadata } as const;
  const input: TrackInput = {
    version: 1,
    task: "track",
    namespace,
    batchChange: { name, uid },
    githubURL: host,
    pullRequests: [...pullRequests],
    storage: { type, maxBytes: bytesPerTry(limits, type) },
  };
  return createTask(observed, { owner, input, subject: host }, before);
}
