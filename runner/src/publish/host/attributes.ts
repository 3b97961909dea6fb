import { z } from "zod";
import { Answered } from "../../github/fault.ts";
import type { Pull } from "./pull.ts";
import type { PullsOptions } from "./pulls.ts";

export interface Wanted {
  readonly labels: readonly string[];
  /** Users, or org/team. */
  readonly reviewers: readonly string[];
}

const whatever = z.unknown();

/** Adds the labels and review requests that are missing. What GitHub refuses of them is a warning: the pull request is there. */
export async function attribute(options: PullsOptions, pull: Pull, { labels, reviewers }: Wanted): Promise<void> {
  const { host, repository, warn } = options;
  const at = { owner: repository.owner, repo: repository.repo };
  const missing = missingLabels(pull, labels);
  if (missing.length > 0) {
    const wanted = { ...at, issue_number: pull.number, labels: missing };
    await host.ask(whatever, "repeatable", (octokit) => octokit.rest.issues.addLabels(wanted)).catch(warning("labels", missing, warn));
  }
  const { users, teams, foreign } = missingReviewers(pull, reviewers, repository.owner);
  if (foreign.length > 0) warn(`Teams of another organization cannot review: ${foreign.join(", ")}`);
  if (users.length + teams.length === 0) return;
  const wanted = { ...at, pull_number: pull.number, reviewers: [...users], team_reviewers: [...teams] };
  await host
    .ask(whatever, "repeatable", (octokit) => octokit.rest.pulls.requestReviewers(wanted))
    .catch(warning("reviewers", [...users, ...teams], warn));
}

function missingLabels(pull: Pull, wanted: readonly string[]): string[] {
  const present = new Set(pull.labels.map(({ name }) => name?.toLowerCase()));
  return [...new Map(wanted.map((label) => [label.toLowerCase(), label])).entries()].flatMap(([key, label]) =>
    present.has(key) ? [] : [label],
  );
}

/** GitHub lets nobody review their own pull request. */
function missingReviewers(pull: Pull, wanted: readonly string[], owner: string) {
  const present = [pull.user, ...(pull.requested_reviewers ?? [])].map((user) => user?.login.toLowerCase());
  const asked = (pull.requested_teams ?? []).map(({ slug }) => slug.toLowerCase());
  const teams = wanted.filter((one) => one.includes("/")).map((one) => one.split("/"));
  const ours = teams.filter(([organization = ""]) => organization.toLowerCase() === owner.toLowerCase());
  return {
    users: wanted.filter((one) => !one.includes("/") && !present.includes(one.toLowerCase())),
    teams: ours.flatMap(([, slug = ""]) => (asked.includes(slug.toLowerCase()) ? [] : [slug])),
    foreign: teams.filter((team) => !ours.includes(team)).map((parts) => parts.join("/")),
  };
}

function warning(what: string, which: readonly string[], warn: (message: string) => void): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Answered)) throw error;
    warn(`GitHub refuses the ${what} ${which.join(", ")} (${error.status}): ${error.message}`.slice(0, 500));
  };
}
