import { z } from "zod";
import { Answered, Unavailable } from "../../github/fault.ts";
import type { Host } from "../../github/host.ts";
import type { Patience } from "../../github/patience.ts";
import { Refused } from "../fault.ts";
import type { Texts } from "../text/texts.ts";
import { current, published, Pull } from "./pull.ts";
import type { HostedRepository } from "./repository.ts";

/** The pull requests of one branch. */
export interface PullsOptions {
  readonly host: Host;
  readonly patience: Patience;
  readonly repository: HostedRepository;
  readonly branch: string;
  readonly warn: (message: string) => void;
}

const mostAttempts = 4;

export class Pulls {
  readonly #options: PullsOptions;

  constructor(options: PullsOptions) {
    this.#options = options;
  }

  /** The one that counts, whatever its state. */
  async find(): Promise<Pull | undefined> {
    const { host, repository, branch } = this.#options;
    const { owner, repo } = repository;
    const asked = { owner, repo, head: `${owner}:${branch}`, state: "all", per_page: 100 } as const;
    const all = await host.ask(z.array(Pull), "repeatable", (octokit) => octokit.rest.pulls.list(asked)).catch(refusal("listed"));
    return current(all.filter(({ head }) => head.ref === branch));
  }

  /** Opens one, or finds the one that is there after all. Nobody knows what became of a request without an answer, so it is looked for first. */
  async create(texts: Texts, draft: boolean): Promise<Pull> {
    const { patience, repository, warn } = this.#options;
    let isDraft = draft;
    for (let attempt = 1; ; attempt += 1) {
      const error = await this.#post(texts, isDraft);
      if (!(error instanceof Error)) return error;
      const found = await this.find();
      if (found?.state === "open") return found;
      if (attempt >= mostAttempts) throw error;
      if (error instanceof Unavailable) await patience.rest(attempt);
      else if (isDraft && /draft pull requests are not supported/i.test(error.message)) isDraft = false;
      else throw notCreated(error, repository.base);
      if (draft && !isDraft) warn("The repository knows no draft pull requests, so it was opened as an ordinary one.");
    }
  }

  async #post({ title, body }: Texts, draft: boolean): Promise<Pull | Answered | Unavailable> {
    const { host, repository, branch } = this.#options;
    const { owner, repo, base } = repository;
    const wanted = { owner, repo, base, head: branch, title, body, draft };
    try {
      return await host.ask(Pull, "once", (octokit) => octokit.rest.pulls.create(wanted));
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Answered) return error;
      throw error;
    }
  }

  /** Makes title and text ours where they differ. */
  async update(pull: Pull, { title, body }: Texts): Promise<Pull> {
    if (pull.title === title && lines(pull.body ?? "") === lines(body)) return pull;
    const { host, repository } = this.#options;
    const { owner, repo } = repository;
    const wanted = { owner, repo, pull_number: pull.number, title, body };
    return await host.ask(Pull, "repeatable", (octokit) => octokit.rest.pulls.update(wanted)).catch(refusal("updated", pull));
  }
}

/** GitHub may give other ends of lines than it got. */
function lines(text: string): string {
  return text.replaceAll("\r", "").trim();
}

function notCreated(error: Answered, base: string): Refused {
  const { status, message } = error;
  if (status === 403) return permissionMissing("created", error);
  if (/no commits between/i.test(message)) {
    return new Refused("PullRequestRefused", `${base} has this change already: there is nothing to merge.`, { cause: error });
  }
  return new Refused("PullRequestRefused", `GitHub does not open the pull request (${status}): ${message}`, { cause: error });
}

function refusal(done: string, pull?: Pull): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Answered)) throw error;
    if (error.status === 403) throw permissionMissing(done, error, pull);
    const words = `A pull request could not be ${done} (${error.status}): ${error.message}`;
    throw new Refused("PullRequestRefused", words, { cause: error, ...toldOf(pull) });
  };
}

function permissionMissing(done: string, error: Answered, pull?: Pull): Refused {
  const words = `A pull request could not be ${done}: ${error.message}. Give the write credential pull_requests write on this repository, then publish again.`;
  return new Refused("PermissionMissing", words, { cause: error, ...toldOf(pull) });
}

function toldOf(pull: Pull | undefined): { readonly pullRequest?: ReturnType<typeof published> } {
  return pull === undefined ? {} : { pullRequest: published(pull) };
}
