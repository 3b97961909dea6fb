import { matchesAny, type BatchChange, type ClosePullRequest, type PublishInput } from "@codybatch/crds";
import { reportOf } from "../checks.ts";
import type { Observed } from "../observed.ts";
import { bytesPerTry } from "../storage.ts";
import type { Work } from "../work.ts";
import { branchOf } from "./branch.ts";
import type { Publication, Wanted } from "./publication.ts";

/** What a publish Job reads; undefined when nothing was reported, and so nothing may be published. */
export function publishInput(
  work: Work,
  { record }: Publication,
  wanted: Wanted,
  observed: Observed,
): PublishInput | ClosePullRequest | undefined {
  const { batch } = observed;
  const shared = { ...ofChangeset(work, observed), ...knownOf(record) };
  if (wanted.kind === "Close") return { ...shared, close: { number: wanted.number, comment: commentOf(batch) } };
  const report = reportOf(work);
  const last = work.attempts.findLast(({ attempt }) => attempt === work.run);
  if (report === undefined || last === undefined) return undefined;
  const { digest, baseCommit, tree } = wanted.patch;
  const cost = last.usage?.costUSD;
  return {
    ...shared,
    ...textsOf(batch),
    patch: { digest, baseCommit, tree },
    report,
    ...(cost !== undefined && { costUSD: cost }),
    ...dashboardOf(work, observed),
    date: dateOf(last.finishedAt ?? last.startedAt ?? work.changeset.metadata.creationTimestamp),
    allowsWorkflows: (batch.spec.publish.allowPaths ?? []).some(allowsWorkflows),
  };
}

function ofChangeset({ changeset }: Work, { batch, limits, settings }: Observed) {
  const { url, name, branch } = changeset.spec.repository;
  const { type } = batch.spec.resultStorage;
  return {
    version: 1,
    task: "publish",
    namespace: changeset.metadata.namespace,
    batchChange: batch.metadata.name,
    changeset: { name: changeset.metadata.name, uid: changeset.metadata.uid },
    repository: { url, name, branch },
    branch: branchOf(batch, branch),
    author: settings.publishing.author,
    storage: { type, maxBytes: bytesPerTry(limits, type) },
  } as const;
}

/** The pull request as we left it: the commit is ours whatever the trailer says. */
function knownOf({ publishing, pullRequest }: Publication["record"]) {
  const headSHA = publishing?.commit;
  return pullRequest === undefined || headSHA === undefined ? {} : { known: { number: pullRequest.number, headSHA } };
}

/** As the user wrote them; the runner alone knows what the variables stand for. */
function textsOf({ spec: { publish } }: BatchChange) {
  const { title, body, commitMessage, draft, labels = [], reviewers = [] } = publish;
  return {
    ...(title !== undefined && { title }),
    ...(body !== undefined && { body }),
    ...(commitMessage !== undefined && { commitMessage }),
    draft,
    labels,
    reviewers,
  };
}

function dashboardOf({ changeset: { metadata } }: Work, { batch, settings }: Observed) {
  const { dashboardURL } = settings.publishing;
  if (dashboardURL === undefined) return {};
  const page = ["batches", metadata.namespace, batch.metadata.name, metadata.name].join("/");
  return { dashboardURL: `${dashboardURL.replace(/\/+$/, "")}/${page}` };
}

function allowsWorkflows(pattern: string): boolean {
  return pattern.startsWith(".github/workflows/") || matchesAny(".github/workflows/ci.yml", [pattern]);
}

/** Other programs write times without fractions or with an offset. */
function dateOf(moment: string): string {
  return new Date(moment).toISOString();
}

function commentOf({ metadata: { namespace, name } }: BatchChange): string {
  return `Closed because the batch change \`${namespace}/${name}\` was cancelled. The branch stays.`;
}
