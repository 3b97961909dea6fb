import { createHash } from "node:crypto";
import type { ClosePullRequest, Followed, PublishedPullRequest, PublishInput, PublishOutcome, PublishResult } from "@codybatch/crds";
import type { WorldTask } from "./tasks.ts";
import type { World } from "./world.ts";

/** A pull request at the host. */
export interface HostPull {
  readonly repository: string;
  readonly number: number;
  readonly branch: string;
  readonly createdAt: string;
  state: PublishedPullRequest["state"];
  /** Digests of the patches that were pushed to its branch, oldest first. */
  readonly pushed: string[];
}

/** Plays the git host and the runner's publish command in a {@link World}: a branch and a pull request are found again by the branch's name. */
export class Host {
  readonly pulls: HostPull[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Publish Jobs that have not ended, oldest first. */
  get waiting(): readonly WorldTask[] {
    return this.#world.tasks.all.filter(({ job, gone }) => job.task === "publish" && !gone && job.finishedAt === undefined);
  }

  /** The Job does what it is for and ends; or it ends with this outcome, or none. */
  finish(task: WorldTask, outcome: PublishOutcome | "Lost" = this.#carryOut(task)): void {
    const at = this.#world.now.toISOString();
    const result: PublishResult | undefined =
      outcome === "Lost"
        ? undefined
        : { version: 1, task: "publish", outcome, warnings: [], requests: { api: 5, git: 5 }, startedAt: at, finishedAt: at };
    this.#world.tasks.finish(task, result, this.#world.now);
  }

  /** The Job has done its work at the host, and dies before it can tell. */
  lose(task: WorldTask): void {
    this.#carryOut(task);
    this.finish(task, "Lost");
  }

  /** Track Jobs that have not ended. */
  get looking(): readonly WorldTask[] {
    return this.#world.tasks.all.filter(({ job, gone }) => job.task === "track" && !gone && job.finishedAt === undefined);
  }

  /** A track Job sees what there is. */
  look(task: WorldTask): void {
    const { input } = task;
    if (input.task !== "track") throw new Error(`${input.task} looks at nothing`);
    const at = this.#world.now.toISOString();
    const pullRequests = input.pullRequests.map(({ changeset, repository, number }): Followed => {
      const pull = this.pulls.find((one) => one.repository === repository && one.number === number);
      if (pull === undefined) return { changeset, kind: "Gone", what: "pullRequest" };
      const end = pull.state === "open" ? {} : { closedAt: at, ...(pull.state === "merged" && { mergedAt: at }) };
      return { ...unseen, ...seen(pull), changeset, kind: "Seen", ...end };
    });
    const result = {
      version: 1,
      task: "track",
      outcome: { kind: "Tracked" },
      pullRequests,
      requests: 1,
      startedAt: at,
      finishedAt: at,
    } as const;
    this.#world.tasks.finish(task, { ...result, pullRequests }, this.#world.now);
  }

  #carryOut({ input }: WorldTask): PublishOutcome {
    if (input.task !== "publish") throw new Error(`${input.task} is not published`);
    if ("close" in input) return this.#close(input);
    return this.#publish(input);
  }

  #publish({ repository, branch, patch }: PublishInput): PublishOutcome {
    const pull = this.#pull(repository.name, branch);
    if (pull.state === "closed") {
      return { kind: "Refused", reason: "Closed", message: `Pull request ${pull.number} was closed.`, pullRequest: seen(pull) };
    }
    if (pull.pushed.at(-1) !== patch.digest) pull.pushed.push(patch.digest);
    return { kind: "Published", commit: commitOf(pull), branch, pullRequest: seen(pull) };
  }

  #close({ repository, branch }: ClosePullRequest): PublishOutcome {
    const pull = this.#pull(repository.name, branch);
    const already = pull.state !== "open";
    if (!already) pull.state = "closed";
    return { kind: "Closed", already, pullRequest: seen(pull) };
  }

  #pull(repository: string, branch: string): HostPull {
    const known = this.pulls.findLast((one) => one.repository === repository && one.branch === branch && one.state !== "merged");
    if (known !== undefined) return known;
    const number = this.pulls.filter((one) => one.repository === repository).length + 1;
    const created: HostPull = { repository, number, branch, state: "open", pushed: [], createdAt: this.#world.now.toISOString() };
    this.pulls.push(created);
    return created;
  }
}

const unseen = { draft: false, checks: "none", review: "none", mergeable: "mergeable", humanCommits: false } as const;

function commitOf({ pushed }: HostPull): string {
  return createHash("sha1")
    .update(pushed.at(-1) ?? "")
    .digest("hex");
}

function seen(pull: HostPull): PublishedPullRequest {
  const { repository, number, state, createdAt } = pull;
  return { url: `https://github.com/${repository}/pull/${number}`, number, state, headSHA: commitOf(pull), createdAt };
}
