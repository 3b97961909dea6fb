import { readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { permissionNames } from "../access/permission.ts";
import { Fault } from "../script/fault.ts";
import { Role, Ruleset } from "../state/model.ts";

const login = z.string().regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9]|-(?=[a-zA-Z0-9])){0,38}$/, "must be letters, digits and single - between them");
const repositoryName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*\/(?!\.{1,2}$)[a-zA-Z0-9._-]{1,100}$/, "must be owner/name")
  .refine((name) => !name.endsWith(".git"), "must not end with .git");
/** Names a file of a commit, and nothing outside it. */
const filePath = z.string().regex(/^(?!\/)(?!.*(^|\/)(\.{1,2}|\.git)(\/|$))[^\p{Cc}]+$/u, "must be a path within the repository");
const files = z.record(filePath, z.string());
const permissions = z.partialRecord(z.enum(permissionNames), z.enum(["read", "write"]));

const User = z.strictObject({
  login,
  name: z.string().optional(),
  email: z.string().optional(),
  /** `ssh-ed25519 AAAA…`: commits that it signed are verified. */
  signingKeys: z.array(z.string()).default([]),
});

const Organization = z.strictObject({
  login,
  teams: z.array(z.strictObject({ slug: login, members: z.array(login).default([]) })).default([]),
});

const Repository = z.strictObject({
  name: repositoryName,
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
  description: z.string().optional(),
  language: z.string().optional(),
  topics: z.array(z.string()).default([]),
  defaultBranch: filePath.default("main"),
  /** By login, or by `organization/team`. */
  collaborators: z.record(z.string(), Role).default({}),
  protectedBranches: z.array(z.string()).default([]),
  rulesets: z.array(Ruleset).default([]),
  /** Approvals without which GitHub says REVIEW_REQUIRED. */
  requiredReviews: z.int().min(0).default(0),
  /** Content of the first commit, by path; or `from`, a folder beside the scenario. */
  files: files.default({}),
  from: z.string().min(1).optional(),
  /** Further branches, each one commit on top of the default branch. */
  branches: z.record(filePath, files).default({}),
});

const Token = z.strictObject({
  /** What the log calls it. */
  name: z.string().min(1),
  token: z.string().min(8),
  user: login,
  permissions,
  /** Without: every repository of the user. */
  repositories: z.array(repositoryName).optional(),
  expiresAt: z.iso.datetime().optional(),
});

const Installation = z.strictObject({
  id: z.int().min(1),
  account: login,
  permissions,
  repositories: z.array(repositoryName).optional(),
});

const App = z
  .strictObject({
    id: z.int().min(1),
    slug: login,
    clientId: z.string().min(1).optional(),
    /** PEM of the public key, or a file with it beside the scenario. */
    publicKey: z.string().optional(),
    publicKeyFile: z.string().optional(),
    installations: z.array(Installation).default([]),
  })
  .refine(({ publicKey, publicKeyFile }) => (publicKey === undefined) !== (publicKeyFile === undefined), "give publicKey or publicKeyFile");

const limit = z.int().min(1).optional();
const Limits = z.strictObject({
  core: limit,
  anonymous: limit,
  search: limit,
  codeSearch: limit,
  graphql: limit,
  points: limit,
  content: z.array(z.strictObject({ requests: z.int().min(1), seconds: z.int().min(1) })).optional(),
  status: z.union([z.literal(403), z.literal(429)]).optional(),
});

/** A GitHub to begin with: who and what there is, and what goes wrong. */
export const Scenario = z.strictObject({
  description: z.string().optional(),
  /** Without: both `/…` and `/api/v3/…` answer. */
  edition: z.enum(["github.com", "enterprise"]).optional(),
  users: z.array(User).default([]),
  organizations: z.array(Organization).default([]),
  repositories: z.array(Repository).min(1),
  tokens: z.array(Token).default([]),
  apps: z.array(App).default([]),
  limits: Limits.default({}),
  faults: z.array(Fault).default([]),
});
export type Scenario = z.infer<typeof Scenario>;
export type ScenarioInput = z.input<typeof Scenario>;

/** A scenario that cannot be used; the message names the file, the field and what it must be. */
export class ScenarioError extends Error {
  override name = "ScenarioError";
}

/** Reads a scenario file; `from` and `publicKeyFile` are taken from its folder. Throws {@link ScenarioError}. */
export function loadScenario(file: string): Scenario {
  const document = parseDocument(readText(file));
  if (document.errors[0] !== undefined) throw new ScenarioError(`${file}: ${document.errors[0].message}`);
  return rooted(parseScenario(document.toJS(), file), dirname(resolve(file)));
}

/** Checks a scenario, also one that a test wrote. Throws {@link ScenarioError}. */
export function parseScenario(value: unknown, where = "scenario"): Scenario {
  const parsed = Scenario.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "scenario"}: ${issue.message}`);
    throw new ScenarioError(`${where}: ${issues.join("; ")}`);
  }
  const unknown = unknownNames(parsed.data)[0];
  if (unknown !== undefined) throw new ScenarioError(`${where}: ${unknown}`);
  return parsed.data;
}

function rooted(scenario: Scenario, folder: string): Scenario {
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  return {
    ...scenario,
    repositories: scenario.repositories.map((one) => ({ ...one, ...(one.from === undefined ? {} : { from: at(one.from) }) })),
    apps: scenario.apps.map(({ publicKeyFile, ...app }) => ({
      ...app,
      publicKey: publicKeyFile === undefined ? app.publicKey : readText(at(publicKeyFile)),
    })),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new ScenarioError(`cannot read ${file}`, { cause });
  }
}

/** Names that something refers to and nothing has. */
function unknownNames({ users, organizations, repositories, tokens, apps }: Scenario): readonly string[] {
  const logins = new Set([...users, ...organizations].map((one) => one.login.toLowerCase()));
  const teams = organizations.flatMap((one) => one.teams.map(({ slug }) => `${one.login}/${slug}`.toLowerCase()));
  const names = new Set(repositories.map(({ name }) => name.toLowerCase()));
  const somebody = (what: string, who: string): readonly string[] =>
    logins.has(who.toLowerCase()) || teams.includes(who.toLowerCase())
      ? []
      : [`${what} names ${who}, which is no user, organization or team of the scenario`];
  const something = (what: string, list: readonly string[] = []): readonly string[] =>
    list.filter((name) => !names.has(name.toLowerCase())).map((name) => `${what} names ${name}, which is no repository of the scenario`);
  return [
    ...repositories.flatMap(({ name }) => somebody(`repository ${name}`, name.split("/")[0] ?? "")),
    ...repositories.flatMap(({ name, collaborators }) => Object.keys(collaborators).flatMap((who) => somebody(`repository ${name}`, who))),
    ...organizations.flatMap((one) => one.teams.flatMap(({ slug, members }) => members.flatMap((who) => somebody(`team ${slug}`, who)))),
    ...tokens.flatMap((token) => [...somebody(`token ${token.name}`, token.user), ...something(`token ${token.name}`, token.repositories)]),
    ...apps.flatMap((app) =>
      app.installations.flatMap((one) => [...somebody(`app ${app.slug}`, one.account), ...something(`app ${app.slug}`, one.repositories)]),
    ),
  ];
}
