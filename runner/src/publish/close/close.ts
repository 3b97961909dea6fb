import type { ClosePullRequest, PublishOutcome } from "@codybatch/crds";
import { Unavailable } from "../../github/fault.ts";
import type { Host } from "../../github/host.ts";
import type { Patience } from "../../github/patience.ts";
import { published } from "../host/pull.ts";
import type { Journal } from "../journal.ts";
import { leaveComment } from "./comment.ts";
import { OurPull, placeOf, readPull } from "./pull.ts";
import { requireOurs } from "./ours.ts";
import { refusal } from "./refusal.ts";

/** What closing works with. */
export interface Closing {
  readonly input: ClosePullRequest;
  readonly host: Host;
  readonly patience: Patience;
  readonly journal: Journal;
  readonly warn: (message: string) => void;
}

type Closed = Extract<PublishOutcome, { readonly kind: "Closed" }>;

/**
 * Closes one open pull request of ours and leaves a comment that says why; its branch stays. The comment goes first, so that one who is
 * killed between the two is seen not to have closed yet.
 */
export async function close(closing: Closing): Promise<Closed> {
  const { input, journal } = closing;
  const pull = await readPull(closing);
  if (pull.state === "closed") {
    await journal.step("pull request", `${pull.html_url} is ${published(pull).state} already.`);
    return { kind: "Closed", already: true, pullRequest: published(pull) };
  }
  await requireOurs(closing, pull);
  await journal.step("pull request", `${pull.html_url} is open, and nobody else has committed to ${input.branch}.`);
  await leaveComment(closing, pull);
  const closed = await closePull(closing, pull);
  await journal.step("closed", `${closed.html_url} is ${published(closed).state}; the branch ${input.branch} stays.`);
  return { kind: "Closed", already: false, pullRequest: published(closed) };
}

async function closePull({ host }: Closing, pull: OurPull): Promise<OurPull> {
  const wanted = { ...placeOf(pull), pull_number: pull.number, state: "closed" } as const;
  const closed = await host.ask(OurPull, "repeatable", (octokit) => octokit.rest.pulls.update(wanted)).catch(refusal("closed", pull));
  if (closed.state === "open") throw new Unavailable(`${pull.html_url} is open although it was closed`);
  return closed;
}
