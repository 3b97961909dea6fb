import { zero } from "../git/bare.ts";
import { gitOf } from "../site.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "./model.ts";

/** A branch that moved. */
export interface Moved {
  readonly branch: string;
  /** 40 zeros: it is gone. */
  readonly to: string;
  /** Login of who moved it. */
  readonly by: string;
}

/** Lets open pull requests follow a branch: their head moves, they close with it, or they are merged by it. */
export async function follow(site: Site, repository: Repository, { branch, to, by }: Moved): Promise<void> {
  const at = site.now();
  repository.pushedAt = at;
  for (const pull of repository.pulls.filter(({ state }) => state === "open")) {
    if (pull.head.ref === branch) await moveHead(site, repository, pull, to);
    else if (pull.base.ref === branch) await moveBase(site, repository, pull, { branch, to, by });
  }
}

async function moveHead(site: Site, repository: Repository, pull: Pull, to: string): Promise<void> {
  pull.updatedAt = site.now();
  if (to === zero) return close(pull, site.now());
  pull.head.sha = to;
  await gitOf(site, repository).update(`refs/pull/${pull.number}/head`, to);
}

async function moveBase(site: Site, repository: Repository, pull: Pull, { to, by }: Moved): Promise<void> {
  if (to === zero) return close(pull, site.now());
  if (!(await gitOf(site, repository).isAncestor(pull.head.sha, to))) return;
  pull.merged = { at: site.now(), by, commit: to };
  close(pull, site.now());
}

export function close(pull: Pull, at: number): void {
  pull.state = "closed";
  pull.closedAt = at;
  pull.updatedAt = at;
}
