import { createPublicKey } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { App } from "../access/app.ts";
import { Tokens } from "../access/token.ts";
import { bareOf } from "../git/bare.ts";
import { writeCommit } from "../git/commit.ts";
import type { Files } from "../git/commit.ts";
import type { Account, Repository, World } from "../state/model.ts";
import { Store } from "../state/store.ts";
import { ScenarioError } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

/** What a scenario's first commits say of themselves, so that their SHAs are the same every time. */
const founder = { name: "Scenario", email: "scenario@stand-in.invalid" };
const foundedAt = Date.UTC(2026, 0, 1);

export interface Founded {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly apps: readonly App[];
}

/** Makes what a scenario names and is not there yet; `kept` is what an earlier run left. */
export async function found(scenario: Scenario, root: string, kept: World | undefined): Promise<Founded> {
  const store = new Store(kept ?? { nextId: 1000, accounts: [], teams: [], repositories: [] });
  addPeople(scenario, store);
  for (const wanted of scenario.repositories) {
    if (store.repository(wanted.name) !== undefined) continue;
    const made = repositoryOf(wanted, store.newId());
    await firstCommits(wanted, made, root);
    store.world.repositories.push(made);
  }
  return { store, tokens: tokensOf(scenario, store), apps: appsOf(scenario, store) };
}

function addPeople({ users, organizations, apps }: Scenario, store: Store): void {
  const add = (account: Omit<Account, "id">): void => {
    if (store.account(account.login) === undefined) store.world.accounts.push({ id: store.newId(), ...account });
  };
  const mail = (login: string): string => `${login}@users.noreply.stand-in.invalid`;
  for (const { login, name = login, email = mail(login), signingKeys } of users) add({ login, name, email, kind: "User", signingKeys });
  for (const { slug } of apps) {
    add({ login: `${slug}[bot]`, name: `${slug}[bot]`, email: mail(`${slug}[bot]`), kind: "Bot", signingKeys: [] });
  }
  for (const { login, teams } of organizations) {
    add({ login, name: login, email: mail(login), kind: "Organization", signingKeys: [] });
    for (const { slug, members } of teams) {
      if (store.team(login, slug) === undefined) store.world.teams.push({ id: store.newId(), organization: login, slug, members });
    }
  }
}

type Wanted = Scenario["repositories"][number];

function repositoryOf(wanted: Wanted, id: number): Repository {
  const { name: whole, files: _files, from: _from, branches: _branches, description, language, ...rest } = wanted;
  const [owner = "", name = ""] = whole.split("/");
  return {
    ...rest,
    id,
    owner,
    name,
    ...(description === undefined ? {} : { description }),
    ...(language === undefined ? {} : { language }),
    labels: [],
    pulls: [],
    checks: [],
    statuses: [],
    nextNumber: 1,
    createdAt: foundedAt,
    pushedAt: foundedAt,
  };
}

async function firstCommits({ from, files, branches }: Wanted, repository: Repository, root: string): Promise<void> {
  const bare = bareOf(root, repository);
  if (!(await bare.create(repository.defaultBranch))) return;
  const all = { ...(from === undefined ? {} : filesBelow(from)), ...files };
  if (Object.keys(all).length === 0) return;
  const base = { author: founder, at: foundedAt };
  const first = await writeCommit(bare, {
    ...base,
    branch: repository.defaultBranch,
    files: all,
    message: "First commit\n",
    parent: undefined,
  });
  for (const [branch, changed] of Object.entries(branches)) {
    await writeCommit(bare, { ...base, branch, files: changed, message: `Begin ${branch}\n`, parent: first });
  }
}

function filesBelow(folder: string): Files {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
    return Object.fromEntries(paths.map((path) => [relative(folder, path), contentOf(path)]));
  } catch (cause) {
    throw new ScenarioError(`cannot read the folder ${folder} of a repository`, { cause });
  }
}

function contentOf(path: string): Files[string] {
  const bytes = readFileSync(path);
  return (statSync(path).mode & 0o100) === 0 ? bytes : { program: bytes };
}

function tokensOf(scenario: Scenario, store: Store): Tokens {
  const tokens = new Tokens();
  for (const { name, token, user, permissions, repositories, expiresAt } of scenario.tokens) {
    tokens.add({
      name,
      text: token,
      actor: store.who(user).login,
      kind: "personal",
      permissions,
      repositories: idsOf(store, repositories),
      account: undefined,
      expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
    });
  }
  return tokens;
}

function appsOf(scenario: Scenario, store: Store): readonly App[] {
  return scenario.apps.map(({ id, slug, clientId = `Iv1.${id}`, publicKey = "", installations }) => ({
    id,
    slug,
    clientId,
    publicKey: keyOf(publicKey, slug),
    installations: installations.map((one) => ({ ...one, repositories: idsOf(store, one.repositories) })),
  }));
}

function keyOf(pem: string, slug: string): App["publicKey"] {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new ScenarioError(`app ${slug}: its publicKey is no public key in PEM form`, { cause });
  }
}

function idsOf(store: Store, names: readonly string[] | undefined): readonly number[] | undefined {
  return names?.flatMap((name) => store.repository(name)?.id ?? []);
}
