import { PublishInput, RunInput, TrackInput } from "@codybatch/crds";
import type { PublishedPullRequest } from "@codybatch/crds";
import type { Change } from "./change.ts";
import type { Options } from "./options.ts";

/** One smoke test: everything that it leaves carries this name. */
export interface Run {
  readonly options: Options;
  /** Name of the batch and end of the branch. */
  readonly batch: string;
  /** ISO 8601. */
  readonly at: string;
}

const namespace = "smoke";
const storage = { type: "ConfigMap", maxBytes: 1_000_000 } as const;

export function branchOf({ batch }: Run): string {
  return `codybatch/${batch}`;
}

function changesetOf({ batch }: Run): { readonly name: string; readonly uid: string } {
  return { name: `${batch}-0000000000`, uid: batch };
}

export function cloneInput(run: Run): RunInput {
  const { url, name, branch } = run.options;
  return RunInput.parse({
    version: 1,
    namespace,
    batchChange: run.batch,
    changeset: changesetOf(run),
    repository: { url: url.href, name, branch },
    attempt: 0,
    try: 0,
    agent: { maxCostNanoUSD: 0 },
    storage,
  });
}

export function publishInput(run: Run, { patch }: Change): PublishInput {
  const { url, name, branch } = run.options;
  const summary = "Add one file with one line.";
  const explanation = "A smoke test of Cody Batch. It is closed again by itself; do not merge it.";
  return PublishInput.parse({
    version: 1,
    task: "publish",
    namespace,
    batchChange: run.batch,
    changeset: changesetOf(run),
    repository: { url: url.href, name, branch },
    patch,
    branch: branchOf(run),
    title: "Smoke test of Cody Batch: do not merge",
    report: { wereChangesNecessary: true, summary, explanation, filesChanged: 1, additions: 1, deletions: 0 },
    author: { name: "Cody Batch", email: "codybatch@users.noreply.github.com" },
    date: run.at,
    storage,
  });
}

export function trackInput(run: Run, { number, headSHA }: PublishedPullRequest): TrackInput {
  const { url, name } = run.options;
  return TrackInput.parse({
    version: 1,
    task: "track",
    namespace,
    batchChange: { name: run.batch, uid: run.batch },
    githubURL: url.origin,
    pullRequests: [{ changeset: changesetOf(run).name, repository: name, number, publishedSHA: headSHA }],
    storage,
  });
}
