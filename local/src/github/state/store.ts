import type { Account, Pull, Repository, Role, Team, World } from "./model.ts";
import { roles } from "./model.ts";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Finds what is there, as GitHub does: names are compared without regard to case. */
export class Store {
  readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  newId(): number {
    this.world.nextId += 1;
    return this.world.nextId;
  }

  account(login: string): Account | undefined {
    return this.world.accounts.find((one) => same(one.login, login));
  }

  /** The account of a login that the state itself names. Throws when it has none. */
  who(login: string): Account {
    const found = this.account(login);
    if (found === undefined) throw new Error(`there is no account ${login}`);
    return found;
  }

  team(organization: string, slug: string): Team | undefined {
    return this.world.teams.find((one) => same(one.organization, organization) && same(one.slug, slug));
  }

  /** A repository by `owner/name`, with or without `.git`. */
  repository(name: string): Repository | undefined {
    const wanted = name.replace(/\.git$/, "");
    return this.world.repositories.find((one) => same(nameOf(one), wanted));
  }

  repositoryById(id: number): Repository | undefined {
    return this.world.repositories.find((one) => one.id === id);
  }

  /** The highest role that a user has by name, by a team or as the owner. */
  roleOf(login: string, repository: Repository): Role | undefined {
    if (same(repository.owner, login)) return "admin";
    const held = Object.entries(repository.collaborators).flatMap(([who, role]) => (this.#isIn(login, who) ? [role] : []));
    return held.toSorted((a, b) => roles.indexOf(b) - roles.indexOf(a))[0];
  }

  #isIn(login: string, who: string): boolean {
    const [organization = "", slug] = who.split("/");
    if (slug === undefined) return same(who, login);
    return this.team(organization, slug)?.members.some((member) => same(member, login)) === true;
  }
}

export function nameOf({ owner, name }: Repository): string {
  return `${owner}/${name}`;
}

export function pullOf(repository: Repository, number: number): Pull | undefined {
  return repository.pulls.find((one) => one.number === number);
}
