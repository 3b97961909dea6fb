import { decide } from "../../access/visitor.ts";
import { isRefName } from "../../git/bare.ts";
import { allFiles, blob } from "../../git/file.ts";
import type { Entry } from "../../git/file.ts";
import { Refusal, invalid } from "../../refusal.ts";
import { gitOf } from "../../site.ts";
import type { Repository } from "../../state/model.ts";
import { nameOf } from "../../state/store.ts";
import { paged, textOf } from "../context.ts";
import type { Context, Reply } from "../context.ts";
import { apiOf, webOf } from "../view/links.ts";
import { minimalRepository, wholeRepository } from "../view/repository.ts";
import { parseQuery } from "./query.ts";
import type { Query, Term } from "./query.ts";

/** GitHub never gives more, whatever the total count says. */
const most = 1000;

export async function searchRepositories(context: Context): Promise<Reply> {
  const query = parseQuery(textOf(context, "q"), repositoryQualifiers);
  const found = visible(context).filter((repository) => isFound(repository, query));
  return result(context, found, (repository) => ({
    ...wholeRepository(context.links, repository, context.site.store.who(repository.owner)),
    score: 1,
  }));
}

export async function searchCode(context: Context): Promise<Reply> {
  if (context.visitor.kind !== "token") throw new Refusal(401, "Requires authentication");
  const query = parseQuery(textOf(context, "q"), codeQualifiers);
  if (query.words.length === 0 && query.terms.every(({ name }) => !codeContent.has(name))) {
    throw invalid({
      resource: "Search",
      field: "q",
      code: "invalid",
      message: "Must include at least one user, organization, or repository",
    });
  }
  const found: (Entry & { readonly repository: Repository })[] = [];
  // Code search looks at default branches of what is no fork.
  for (const repository of visible(context).filter((one) => !one.fork && isPlaced(one, query))) {
    for (const entry of await matches(context, repository, query)) found.push({ ...entry, repository });
  }
  return result(context, found, (one) => itemBody(context, one));
}

const placeQualifiers = ["repo", "org", "user"];
const repositoryQualifiers = new Set([...placeQualifiers, "topic", "language", "archived", "fork", "is", "in"]);
const codeQualifiers = new Set([...placeQualifiers, "filename", "path", "extension", "in", "language"]);
const codeContent = new Set(["filename", "path", "extension"]);

function visible({ site, visitor }: Context): readonly Repository[] {
  const wanted = { permission: "metadata", level: "read" } as const;
  return site.store.world.repositories.filter((one) => decide(visitor, one, wanted, site.store) === "granted");
}

function result<T>(context: Context, found: readonly T[], body: (one: T) => object): Reply {
  const { page = 1, per_page: size = 30 } = context.params;
  if ((Number(page) - 1) * Number(size) >= most) throw new Refusal(422, "Only the first 1000 search results are available");
  const { items, headers } = paged(context, found.slice(0, most));
  return { status: 200, body: { total_count: found.length, incomplete_results: false, items: items.map(body) }, headers };
}

/** Places are alternatives; everything else must hold. */
function isPlaced(repository: Repository, { terms }: Query): boolean {
  const places = terms.filter(({ name }) => placeQualifiers.includes(name));
  const isAt = ({ name, value }: Term): boolean => equal(name === "repo" ? nameOf(repository) : repository.owner, value);
  const wanted = places.filter(({ isNegated }) => !isNegated);
  return (wanted.length === 0 || wanted.some(isAt)) && !places.some((place) => place.isNegated && isAt(place));
}

function isFound(repository: Repository, query: Query): boolean {
  const text = `${repository.name} ${repository.description ?? ""} ${repository.topics.join(" ")}`.toLowerCase();
  const others = query.terms.filter(({ name }) => !placeQualifiers.includes(name) && name !== "in");
  const asked = others.some(({ name, value }) => name === "fork" && value !== "false");
  return (
    isPlaced(repository, query) &&
    (!repository.fork || asked) &&
    others.every((term) => holds(repository, term) !== term.isNegated) &&
    query.words.every((word) => text.includes(word.toLowerCase()))
  );
}

function holds(repository: Repository, { name, value }: Term): boolean {
  if (name === "topic") return repository.topics.some((topic) => equal(topic, value));
  if (name === "language") return equal(repository.language ?? "", value);
  if (name === "archived") return String(repository.archived) === value;
  if (name === "fork") return value === "true" || (value === "only" ? repository.fork : !repository.fork);
  return value === "archived" ? repository.archived : (value === "private") === repository.private;
}

async function matches({ site }: Context, repository: Repository, query: Query): Promise<readonly Entry[]> {
  const bare = gitOf(site, repository);
  const tip = isRefName(repository.defaultBranch) ? await bare.tip(`refs/heads/${repository.defaultBranch}`) : undefined;
  if (tip === undefined) return [];
  const named = (await allFiles(bare, tip)).filter(({ path }) => query.terms.every((term) => isNamed(path, term) !== term.isNegated));
  if (query.words.length === 0) return named;
  const texts = await Promise.all(
    named.map(async (entry) => ({ entry, text: (await blob(bare, entry.sha)).toString("utf8").toLowerCase() })),
  );
  return texts.filter(({ text }) => query.words.every((word) => text.includes(word.toLowerCase()))).map(({ entry }) => entry);
}

function isNamed(path: string, { name, value, isNegated }: Term): boolean {
  const file = path.split("/").at(-1) ?? "";
  if (name === "filename") return file.toLowerCase().includes(value.toLowerCase());
  if (name === "extension") return file.toLowerCase().endsWith(`.${value.toLowerCase()}`);
  if (name === "path") return value === "/" ? !path.includes("/") : `${path}`.startsWith(value.replace(/^\//, ""));
  return !isNegated;
}

function equal(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function itemBody({ links, site }: Context, { path, sha, repository }: Entry & { readonly repository: Repository }): object {
  const ref = repository.defaultBranch;
  return {
    name: path.split("/").at(-1),
    path,
    sha,
    url: `${apiOf(links, repository)}/contents/${encodeURI(path)}?ref=${ref}`,
    git_url: `${apiOf(links, repository)}/git/blobs/${sha}`,
    html_url: `${webOf(links, repository)}/blob/${ref}/${encodeURI(path)}`,
    repository: minimalRepository(links, repository, site.store.who(repository.owner)),
    score: 1,
  };
}
