import type { PublishedPullRequest, PublishInput, PublishOutcome } from "@codybatch/crds";
import type { Host } from "../github/host.ts";
import type { Patience } from "../github/patience.ts";
import { isOnBranch } from "./branch/history.ts";
import { readCommit } from "./branch/commit.ts";
import { pushBranch } from "./branch/push.ts";
import { Copy } from "./branch/remote.ts";
import { makeTree } from "./branch/tree.ts";
import type { Transport } from "./branch/transport.ts";
import type { Credential } from "./credential.ts";
import { refusalOf, Refused } from "./fault.ts";
import { attribute } from "./host/attributes.ts";
import { published, type Pull } from "./host/pull.ts";
import { Pulls, type PullsOptions } from "./host/pulls.ts";
import { type HostedRepository, ownedRepository } from "./host/repository.ts";
import { verificationOf } from "./host/verification.ts";
import type { Journal } from "./journal.ts";
import type { SigningKey } from "./signing/key.ts";
import { texts } from "./text/texts.ts";

/** What the steps work with. */
export interface Job {
  readonly input: PublishInput;
  /** The approved one. */
  readonly patch: Uint8Array;
  readonly credential: Credential;
  /** Absent: commits are not signed. */
  readonly signingKey: SigningKey | undefined;
  readonly host: Host;
  readonly patience: Patience;
  readonly transport: (gitURL: string) => Promise<Transport>;
  readonly maxBytes: number;
  readonly journal: Journal;
  readonly warn: (message: string) => void;
}

type Published = Extract<PublishOutcome, { readonly kind: "Published" }>;

/** Publishes an approved patch. Each step looks at what is there first, so all of it can be done again at any time. */
export async function publish(job: Job): Promise<Published> {
  const { host, input, journal, patience, warn } = job;
  const repository = await ownedRepository(host, input, job.credential);
  await journal.step("repository", `The credential may write to ${repository.owner}/${repository.repo}; the base is ${repository.base}.`);
  const options: PullsOptions = { host, patience, repository, branch: input.branch, warn };
  const pulls = new Pulls(options);
  const before = await pulls.find();
  const copy = await Copy.make(await job.transport(repository.gitURL), input.patch.baseCommit, job.maxBytes);
  if (before !== undefined && (await isMerged(job, copy, before))) return outcome(input, before, before.head.sha);
  try {
    return await brought(job, { options, pulls, repository, copy, before });
  } catch (error) {
    throw before?.state === "open" ? withPull(error, published(before)) : error;
  }
}

interface Places {
  readonly options: PullsOptions;
  readonly pulls: Pulls;
  readonly repository: HostedRepository;
  readonly copy: Copy;
  readonly before: Pull | undefined;
}

async function brought(job: Job, { options, pulls, repository, copy, before }: Places): Promise<Published> {
  const { input, journal, patience, signingKey } = job;
  const baseTip = await checkedBase(job, copy, repository);
  await makeTree(input, job.patch, copy);
  await journal.step("tree", "The patch gives the recorded tree.");
  const words = texts(input, repository.base);
  const rest = patience.rest.bind(patience);
  const commit = await pushBranch({ input, copy, baseTip, message: words.commitMessage, signingKey, rest });
  await journal.step("branch", `${input.branch} is at ${commit}.`);
  const pull = before?.state === "open" ? before : await pulls.create(words, input.draft);
  const current = await pulls.update(pull, words);
  await journal.step("pull request", `${current.html_url} is open.`);
  await attribute(options, current, input);
  const verified = signingKey === undefined ? undefined : await verificationOf(options, commit);
  return { ...outcome(input, current, commit), ...(verified === undefined ? {} : { verified }) };
}

/** A closed one is a no to the change; a merged one is an end only when it brought these very files. */
async function isMerged({ input, journal }: Job, copy: Copy, pull: Pull): Promise<boolean> {
  if (pull.state === "open") return false;
  if (pull.merged_at == null) throw closed(pull);
  const same = (await copy.fetch(pull.head.sha)) && (await readCommit(pull.head.sha, copy.options)).tree === input.patch.tree;
  if (same) await journal.step("pull request", `${pull.html_url} is merged already.`);
  return same;
}

function closed(pull: Pull): Refused {
  const words = `Pull request ${pull.number} was closed without a merge, and is left so. Reopen it at ${pull.html_url} and publish again, or leave the change.`;
  return new Refused("Closed", words, { pullRequest: published(pull) });
}

/** Answers the base branch's end. */
async function checkedBase({ input, journal }: Job, copy: Copy, { base }: HostedRepository): Promise<string> {
  const { baseCommit } = input.patch;
  const tip = (await copy.tips([base])).get(base);
  if (tip === undefined) throw baseGone(`The base branch ${base} is gone`);
  if (!(await copy.fetch(baseCommit))) throw baseGone(`The commit ${baseCommit} that the patch starts from is gone`);
  const { committedAt } = await readCommit(baseCommit, copy.options);
  if (!(await isOnBranch(copy.transport, { commit: baseCommit, committedAt, branch: base, tip }))) {
    throw baseGone(`The commit ${baseCommit} that the patch starts from is no longer on ${base}, whose history was rewritten`);
  }
  await journal.step(
    "base",
    tip === baseCommit
      ? `${base} is where the patch starts from.`
      : `${base} has moved on since; whether that conflicts the pull request will tell.`,
  );
  return tip;
}

function baseGone(fact: string): Refused {
  return new Refused("BaseGone", `${fact}. Run the change again: raise the Changeset's spec.attempt.`);
}

function withPull(thrown: unknown, pullRequest: PublishedPullRequest): unknown {
  const error = refusalOf(thrown);
  if (!(error instanceof Refused) || error.pullRequest !== undefined) return error;
  return new Refused(error.reason, error.message, { cause: error, pullRequest });
}

function outcome({ branch }: PublishInput, pull: Pull, commit: string): Published {
  return { kind: "Published", commit, branch, pullRequest: published(pull, commit) };
}
