import {
  type Followed,
  longestRefusal,
  type SeenPullRequest,
  type TrackedPullRequest,
  type TrackInput,
  type TrackResult,
} from "@codybatch/crds";
import { cut } from "../github/cut.ts";
import type { GitHubReader } from "../github/reader.ts";
import { askTogether, type Asked, type Fields, type RateLimit, type Told } from "../github/together.ts";
import { mergeability, mergeabilityOf, messages, messagesOf, standing, standingOf } from "./query.ts";
import { isOurs, seenOf } from "./standing.ts";

/** Pull requests in one query: 25 × 3 connections cost one point of GitHub's 5,000 an hour, and stay far below its ten seconds. */
const together = 25;
/** Messages of commits may be long. */
const togetherWithMessages = 5;

/** Follows the pull requests of a batch; what it has seen stays, also when a later request throws. */
export class Follower {
  readonly #input: TrackInput;
  readonly #reader: GitHubReader;
  readonly #followed = new Map<TrackedPullRequest, Followed>();
  #rateLimit: RateLimit | undefined;

  constructor(input: TrackInput, reader: GitHubReader) {
    this.#input = input;
    this.#reader = reader;
  }

  /** One for each of the input, in its order. */
  get pullRequests(): readonly Followed[] {
    return this.#input.pullRequests.map((pull) => this.#followed.get(pull) ?? { changeset: pull.changeset, kind: "Unseen" });
  }

  get rateLimit(): TrackResult["rateLimit"] {
    return this.#rateLimit;
  }

  /** Throws what the reader throws. `wait` is between the first look and the second at what GitHub had not worked out. */
  async follow(wait: () => Promise<void>): Promise<void> {
    for (const batch of batches(this.#input.pullRequests, together)) await this.#look(batch);
    const unknown = this.#input.pullRequests.filter((pull) => isUnknown(this.#followed.get(pull)));
    if (unknown.length === 0) return;
    await wait();
    for (const batch of batches(unknown, together)) await this.#lookAgain(batch);
  }

  async #look(batch: readonly TrackedPullRequest[]): Promise<void> {
    const told = await this.#ask(batch, standing);
    const seen = batch.map((pull, index) => ({ pull, ...judge(pull, told[index]) }));
    const touched = seen.flatMap(({ pull, standing: one }) => (one !== undefined && one.headSHA !== pull.publishedSHA ? [pull] : []));
    const human = await this.#humans(touched);
    for (const { pull, standing: one, followed } of seen) {
      if (followed !== undefined) this.#followed.set(pull, followed);
      if (one !== undefined) this.#followed.set(pull, { ...one, humanCommits: human.get(pull) ?? false });
    }
  }

  /** Whether each of them has a commit without our trailer. */
  async #humans(pulls: readonly TrackedPullRequest[]): Promise<ReadonlyMap<TrackedPullRequest, boolean>> {
    const human = new Map<TrackedPullRequest, boolean>();
    for (const batch of batches(pulls, togetherWithMessages)) {
      const told = await this.#ask(batch, messages);
      for (const [index, pull] of batch.entries()) human.set(pull, this.#isHuman(pull, told[index]));
    }
    return human;
  }

  /** A head that is not ours and cannot be looked into is not ours. */
  #isHuman({ changeset }: TrackedPullRequest, told: Told | undefined): boolean {
    const { namespace, batchChange } = this.#input;
    const texts = told === undefined ? undefined : messagesOf(told);
    return texts === undefined || texts.some((text) => !isOurs(text, `${namespace}/${batchChange.name}/${changeset}`));
  }

  async #lookAgain(batch: readonly TrackedPullRequest[]): Promise<void> {
    const told = await this.#ask(batch, mergeability);
    for (const [index, pull] of batch.entries()) {
      const followed = this.#followed.get(pull);
      const answer = told[index] === undefined ? undefined : mergeabilityOf(told[index]);
      if (followed?.kind === "Seen" && answer?.headSHA === followed.headSHA) this.#followed.set(pull, { ...followed, ...answer });
    }
  }

  async #ask(batch: readonly TrackedPullRequest[], fields: Fields): Promise<readonly Told[]> {
    const asked: readonly Asked[] = batch.map(({ repository, number }) => ({ repository, number }));
    const { told, rateLimit } = await askTogether(this.#reader, asked, fields);
    if (rateLimit !== undefined) this.#rateLimit = { ...rateLimit, cost: rateLimit.cost + (this.#rateLimit?.cost ?? 0) };
    return told;
  }
}

interface Judged {
  readonly standing?: Omit<SeenPullRequest, "humanCommits">;
  readonly followed?: Followed;
}

function judge(pull: TrackedPullRequest, told: Told | undefined): Judged {
  const { changeset } = pull;
  const found = told === undefined ? undefined : standingOf(told);
  if (found !== undefined) return { standing: seenOf(pull, found) };
  const missing = told?.faults.find(({ type }) => type === "NOT_FOUND");
  if (missing !== undefined) return { followed: { changeset, kind: "Gone", what: missing.path.length > 1 ? "pullRequest" : "repository" } };
  const message = told?.faults[0]?.message ?? "GitHub's answer is not of the form that is known.";
  return { followed: { changeset, kind: "Refused", message: cut(message, longestRefusal) } };
}

function isUnknown(followed: Followed | undefined): boolean {
  return followed?.kind === "Seen" && followed.state === "open" && followed.mergeable === "unknown";
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
