import { PublishResult, RunResult, TrackResult } from "@codybatch/crds";
import type { PublishedPullRequest, SeenPullRequest } from "@codybatch/crds";
import { makeChange } from "./change.ts";
import type { Change } from "./change.ts";
import { closePull, deleteBranch } from "./github.ts";
import { branchOf, cloneInput, publishInput, trackInput } from "./inputs.ts";
import type { Run } from "./inputs.ts";
import type { Runner } from "./runner.ts";

/** A step came to something else than it should; the message says what and what is left behind. */
export class SmokeFailed extends Error {}

interface Parts {
  readonly run: Run;
  readonly runner: Runner;
  /** A private folder. */
  readonly dir: string;
  readonly say: (line: string) => void;
  /** Asked before anything is written; false ends it. */
  readonly agree: (question: string) => Promise<boolean>;
}

/** The whole way of one change, without Claude; false when it was not agreed to. Throws {@link SmokeFailed} or CommandFailed. */
export async function smoke(parts: Parts): Promise<boolean> {
  const { run, say, agree } = parts;
  const { name } = run.options;
  const change = await cloned(parts);
  say(`clone: ${name} is read; ${change.branch} is at ${change.patch.baseCommit}.`);
  const branch = branchOf(run);
  const question = `This pushes the branch ${branch} to ${run.options.url.href}, opens a pull request into ${change.branch}, closes it and deletes the branch.`;
  if (!(await agree(question))) return false;
  const pull = await published(parts, change);
  say(`publish: ${pull.url} is ${pull.state}, with commit ${pull.headSHA}.`);
  const seen = await tracked(parts, pull);
  say(`track: ${wordsOf(seen)}.`);
  await closePull(run.options, pull.number);
  const closed = await tracked(parts, pull);
  say(`track after closing: ${wordsOf(closed)}.`);
  deleteBranch(run.options, branch, parts.dir);
  say(`The branch ${branch} is deleted; the closed pull request stays.`);
  demand(seen, { state: "open", headSHA: pull.headSHA, humanCommits: false });
  demand(closed, { state: "closed", headSHA: pull.headSHA, humanCommits: false });
  return true;
}

async function cloned({ run, runner }: Parts): Promise<Change> {
  const input = JSON.stringify(cloneInput(run));
  await runner.run("clone", { files: { input: { "input.json": input }, "github-read": { token: run.options.readToken } } });
  const refusal = runner.result("clone", RunResult);
  if (refusal !== undefined) throw new SmokeFailed(`clone: ${refusal.reason}: ${refusal.message ?? ""}`);
  return makeChange(runner.folder("clone", "git"), `A smoke test of Cody Batch, ${run.at}.`);
}

async function published({ run, runner }: Parts, change: Change): Promise<PublishedPullRequest> {
  const input = JSON.stringify(publishInput(run, change));
  const files = { input: { "input.json": input }, patch: { "change.patch.gz": change.zipped } };
  await runner.run("publish", { files: { ...files, "github-write": { token: run.options.writeToken } } });
  const outcome = runner.result("publish", PublishResult)?.outcome;
  if (outcome?.kind === "Published") return outcome.pullRequest;
  throw new SmokeFailed(`publish: ${JSON.stringify(outcome)}. Look for the branch ${branchOf(run)} and delete it.`);
}

async function tracked({ run, runner }: Parts, pull: PublishedPullRequest): Promise<SeenPullRequest> {
  const input = JSON.stringify(trackInput(run, pull));
  const command = "track";
  runner.forget(command);
  await runner.run(command, { files: { input: { "input.json": input }, "github-read": { token: run.options.readToken } } });
  const result = runner.result(command, TrackResult);
  const [followed] = result?.pullRequests ?? [];
  if (result?.outcome.kind === "Tracked" && followed?.kind === "Seen") return followed;
  throw new SmokeFailed(`track: ${JSON.stringify(result?.outcome)}, ${JSON.stringify(followed)}. ${pull.url} is left open: close it.`);
}

function wordsOf({ state, checks, review, mergeable, humanCommits }: SeenPullRequest): string {
  const commits = humanCommits ? "somebody else committed" : "nobody else committed";
  return `the pull request is ${state}, checks ${checks}, review ${review}, ${mergeable}, ${commits}`;
}

function demand(seen: SeenPullRequest, wanted: Pick<SeenPullRequest, "state" | "headSHA" | "humanCommits">): void {
  const { state, headSHA, humanCommits } = seen;
  const found = JSON.stringify({ state, headSHA, humanCommits });
  if (found !== JSON.stringify(wanted)) throw new SmokeFailed(`track saw ${found} where ${JSON.stringify(wanted)} was to be seen`);
}
