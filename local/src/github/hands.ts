import { bareOf, zero } from "./git/bare.ts";
import type { Bare } from "./git/bare.ts";
import { commitsBetween } from "./git/comparison.ts";
import { writeCommit } from "./git/commit.ts";
import type { Files } from "./git/commit.ts";
import { mergedTree, seal } from "./git/merge.ts";
import { git } from "./git/command.ts";
import type { Site } from "./site.ts";
import { close, follow } from "./state/follow.ts";
import type { Account, CheckRun, Pull, Repository, Status } from "./state/model.ts";
import { nameOf, pullOf } from "./state/store.ts";

type Conclusion = CheckRun["conclusion"];

interface HumanCommit {
  /** Login of a user of the scenario. */
  readonly by: string;
  /** Made from the default branch when it is not there. */
  readonly branch: string;
  readonly files: Files;
  readonly message?: string;
}

/** What people do at GitHub, for tests. Each throws when what it names is not there. */
export class Hands {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  /** A repository as the stand-in keeps it; tests may look, and change settings like `archived`. */
  repository(name: string): Repository {
    const found = this.#site.store.repository(name);
    if (found === undefined) throw new Error(`there is no repository ${name}`);
    return found;
  }

  pull(name: string, number: number): Pull {
    const found = pullOf(this.repository(name), number);
    if (found === undefined) throw new Error(`there is no pull request ${number} in ${name}`);
    return found;
  }

  /** Folder of the bare repository. */
  dir(name: string): string {
    return this.#bare(this.repository(name)).dir;
  }

  async tip(name: string, branch: string): Promise<string | undefined> {
    return this.#bare(this.repository(name)).tip(`refs/heads/${branch}`);
  }

  /** Somebody commits to a branch; answers the SHA. */
  async commit(name: string, { by, branch, files, message = "A commit by hand\n" }: HumanCommit): Promise<string> {
    const repository = this.repository(name);
    return this.#alone(repository, async (bare) => {
      const parent = (await bare.tip(`refs/heads/${branch}`)) ?? (await bare.tip(`refs/heads/${repository.defaultBranch}`));
      const author = this.#site.store.who(by);
      const to = await writeCommit(bare, { branch, files, message, author, at: this.#site.now(), parent });
      await follow(this.#site, repository, { branch, to, by });
      return to;
    });
  }

  /** Somebody sets a branch to any commit, or to nothing, also where that loses commits. */
  async move(name: string, branch: string, sha: string | undefined, by: string): Promise<void> {
    const repository = this.repository(name);
    await this.#alone(repository, async (bare) => {
      await bare.update(`refs/heads/${branch}`, sha ?? zero);
      await follow(this.#site, repository, { branch, to: sha ?? zero, by });
    });
  }

  /** Forgets every object that no ref reaches, as when a repository was made anew under its name. */
  async prune(name: string): Promise<void> {
    await git(this.dir(name), ["-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now"]);
  }

  /** Somebody merges; answers the commit on the base. Throws where there is a conflict or the pull request is closed or a draft. */
  async merge(name: string, number: number, by: string, method: "merge" | "squash" | "rebase" = "merge"): Promise<string> {
    const repository = this.repository(name);
    const pull = this.pull(name, number);
    if (pull.state !== "open" || pull.draft) throw new Error(`pull request ${number} of ${name} is ${pull.draft ? "a draft" : "closed"}`);
    return this.#alone(repository, async (bare) => {
      const commit = await this.#merged(bare, pull, this.#site.store.who(by), method);
      await bare.update(`refs/heads/${pull.base.ref}`, commit);
      close(pull, this.#site.now());
      pull.merged = { at: this.#site.now(), by, commit };
      await follow(this.#site, repository, { branch: pull.base.ref, to: commit, by });
      return commit;
    });
  }

  async #merged(bare: Bare, pull: Pull, by: Account, method: "merge" | "squash" | "rebase"): Promise<string> {
    const base = (await bare.tip(`refs/heads/${pull.base.ref}`)) ?? zero;
    const tree = await mergedTree(bare, base, pull.head.sha);
    if (tree === undefined) throw new Error(`pull request ${pull.number} conflicts with ${pull.base.ref}`);
    const at = this.#site.now();
    if (method === "squash") return seal(bare, { tree, parents: [base], message: `${pull.title} (#${pull.number})\n`, by, at });
    if (method === "rebase") return this.#rebased(bare, base, pull, by);
    const message = `Merge pull request #${pull.number} from ${pull.head.ref}\n`;
    return seal(bare, { tree, parents: [base, pull.head.sha], message, by, at });
  }

  async #rebased(bare: Bare, base: string, pull: Pull, by: Account): Promise<string> {
    let onto = base;
    for (const commit of await commitsBetween(bare, base, pull.head.sha)) {
      const tree = await mergedTree(bare, onto, commit);
      if (tree === undefined) throw new Error(`commit ${commit} conflicts with ${pull.base.ref}`);
      onto = await seal(bare, { tree, parents: [onto], message: `${pull.title}\n`, by, at: this.#site.now() });
    }
    return onto;
  }

  close(name: string, number: number): void {
    close(this.pull(name, number), this.#site.now());
  }

  reopen(name: string, number: number): void {
    const pull = this.pull(name, number);
    if (pull.merged !== undefined) throw new Error(`pull request ${number} of ${name} is merged`);
    pull.state = "open";
    delete pull.closedAt;
    pull.updatedAt = this.#site.now();
  }

  /** Somebody takes a pull request out of its draft, or back. */
  ready(name: string, number: number, isReady = true): void {
    this.pull(name, number).draft = !isReady;
  }

  review(name: string, number: number, user: string, state: Pull["reviews"][number]["state"]): void {
    const pull = this.pull(name, number);
    if (pull.author === user && state !== "COMMENTED")
      throw new Error(`${user} opened pull request ${number} of ${name}, and cannot judge it`);
    pull.reviews.push({ user: this.#site.store.who(user).login, state, at: this.#site.now() });
    pull.reviewers = pull.reviewers.filter((login) => login !== user);
  }

  comment(name: string, number: number, user: string, body: string): void {
    this.pull(name, number).comments.push({ id: this.#site.store.newId(), user, body, at: this.#site.now() });
  }

  /** A check run of a commit; a later one of the same name counts. Answers its id, which is the job's id where there is a log. */
  check(name: string, sha: string, run: Partial<CheckRun> & { readonly name: string; readonly conclusion?: Conclusion }): number {
    const id = this.#site.store.newId();
    const status = run.conclusion === undefined ? ("in_progress" as const) : ("completed" as const);
    this.repository(name).checks.push({ status, annotations: [], at: this.#site.now(), ...run, id, sha });
    return id;
  }

  /** A commit status of the old kind. */
  status(name: string, sha: string, context: string, state: Status["state"]): void {
    this.repository(name).statuses.push({ id: this.#site.store.newId(), sha, context, state, at: this.#site.now() });
  }

  /** An owner suspends the installation of an App, for good. */
  suspend(installation: number): void {
    const found = this.#site.apps.flatMap(({ installations }) => installations).find(({ id }) => id === installation);
    if (found === undefined) throw new Error(`there is no installation ${installation}`);
    found.suspendedAt = this.#site.now();
  }

  #bare(repository: Repository): Bare {
    return bareOf(this.#site.root, repository);
  }

  #alone<T>(repository: Repository, doIt: (bare: Bare) => Promise<T>): Promise<T> {
    return this.#site.turns.take(nameOf(repository), () => doIt(this.#bare(repository)));
  }
}
