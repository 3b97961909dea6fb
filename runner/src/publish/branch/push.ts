import type { PublishInput } from "@codybatch/crds";
import { git, GitError } from "../../git/index.ts";
import { Unavailable } from "../../github/fault.ts";
import { Refused } from "../fault.ts";
import { type Commit, isOurs, readCommit, writeCommit } from "./commit.ts";
import type { SigningKey } from "../signing/key.ts";
import type { Copy } from "./remote.ts";

export interface Pushing {
  readonly input: PublishInput;
  readonly copy: Copy;
  /** Of the base branch. */
  readonly baseTip: string;
  readonly message: string;
  readonly signingKey: SigningKey | undefined;
  readonly rest: (attempt: number) => Promise<void>;
}

const mostAttempts = 4;

/** Brings the branch to a commit of the approved tree and answers that commit. Exit codes are not trusted: it ends only when the branch is seen to be there. */
export async function pushBranch(pushing: Pushing): Promise<string> {
  const { copy, input, rest } = pushing;
  let fault: unknown;
  let pushed: string | undefined;
  for (let attempt = 0; attempt <= mostAttempts; attempt += 1) {
    const tip = (await copy.tips([input.branch])).get(input.branch);
    if (tip !== undefined && tip === pushed) return tip;
    const wished = await wish(pushing, tip);
    if (wished === tip) return wished;
    if (attempt === mostAttempts) break;
    if (attempt > 0) await rest(attempt);
    pushed = wished;
    fault = await push(pushing, wished).catch(unlessRefused);
  }
  if (fault instanceof Error) throw fault;
  throw new Unavailable(`The branch ${input.branch} is not where it was pushed to. Somebody else pushes to it.`);
}

/** The commit at which the branch should be, given the one at which it is. Throws {@link Refused} for a stranger's. */
async function wish(pushing: Pushing, tip: string | undefined): Promise<string> {
  const { input, copy, message } = pushing;
  const { baseCommit, tree } = input.patch;
  if (tip === undefined) return await writeCommit({ tree, parents: [baseCommit], message }, pushing, copy.options);
  if (!(await copy.fetch(tip))) throw new Unavailable(`The branch ${input.branch} moved while it was looked at`);
  const commit = await readCommit(tip, copy.options);
  if (!isOurs(commit, input)) throw await stranger(input, copy, commit);
  if (commit.tree === tree && commit.parents.includes(baseCommit)) return tip;
  // On top of what is there, so that it is a fast-forward; the new base as parent makes the diff the reviewed patch.
  return await writeCommit({ tree, parents: [tip, baseCommit], message }, pushing, copy.options);
}

async function push({ copy, baseTip, input }: Pushing, commit: string): Promise<void> {
  const { url } = copy.transport;
  // A base that is no branch's end any more is not in the host's list: it is asked for it, else all of its files would be sent.
  const negotiate = baseTip === input.patch.baseCommit ? [] : ["push.negotiate=true"];
  const args = ["push", "--quiet", "--no-verify", "--no-follow-tags", "--", url, `${commit}:refs/heads/${input.branch}`];
  const { options } = copy;
  await copy.transport.speak(
    "once",
    async (more) => await git(args, { ...options, ...more, gitDir: copy.gitDir, config: [...(more.config ?? []), ...negotiate] }),
  );
}

/** Only what asking again cannot change is thrown; whatever else happened, the branch tells. */
function unlessRefused(error: unknown): unknown {
  if (error instanceof Unavailable) return error;
  if (!(error instanceof GitError) || error.fault !== "exit") throw error;
  const refusal = refusedPush(error);
  if (refusal !== undefined) throw refusal;
  return new Unavailable(`git could not push: ${error.stderr.slice(-400)}`, { cause: error });
}

function refusedPush(error: GitError): Refused | undefined {
  const { stderr } = error;
  const workflow = /refusing to allow .* to create or update workflow [^\n]*/i.exec(stderr)?.[0];
  if (workflow !== undefined)
    return new Refused("WorkflowPermissionMissing", `GitHub: ${workflow}. Give the write credential workflows write, then publish again.`, {
      cause: error,
    });
  // "fetch first" and "non-fast-forward" say that the branch moved: it is looked at again.
  const declined = /remote rejected\][^\n]*\(((?!cannot lock ref|failed to update ref)[^)\n]*)\)/i.exec(stderr)?.[1];
  if (declined === undefined) return undefined;
  return new Refused("PushRefused", `GitHub refuses the branch: ${declined}. ${stderr.slice(0, 300)}`.slice(0, 800), { cause: error });
}

const lookBack = 50;

async function stranger(input: PublishInput, copy: Copy, tip: Commit): Promise<Refused> {
  const where = `The branch ${input.branch} of ${input.repository.name}`;
  if (await hasOursBelow(input, copy, tip.sha)) {
    const words = `${where} has a commit by somebody else on top of ours (${tip.sha.slice(0, 12)}). It is left alone: go on by hand, or take that commit away and publish again.`;
    return new Refused("HumanCommits", words);
  }
  const words = `${where} is there already and is not of this batch (${tip.sha.slice(0, 12)}). It is left alone: delete or rename it, or set spec.publish.branch in a new BatchChange.`;
  return new Refused("BranchTaken", words);
}

async function hasOursBelow({ namespace, batchChange }: PublishInput, copy: Copy, tip: string): Promise<boolean> {
  const { transport, options, gitDir } = copy;
  const flags = ["--quiet", `--depth=${lookBack}`, "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--force"];
  await transport.speak(
    "repeatable",
    async (more) => await git(["fetch", ...flags, "--", transport.url, `${tip}:refs/codybatch/tip`], { ...more, gitDir }),
  );
  const { stdout } = await git(["log", `--max-count=${lookBack}`, "--format=%(trailers:key=Cody-Batch,valueonly)", tip], options);
  return stdout
    .toString("utf8")
    .split("\n")
    .some((line) => line.startsWith(`${namespace}/${batchChange}/`));
}
