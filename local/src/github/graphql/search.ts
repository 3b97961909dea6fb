import { GraphQLError } from "graphql";
import { parseQuery } from "../rest/handler/query.ts";
import type { Term } from "../rest/handler/query.ts";
import type { Pull, Repository } from "../state/model.ts";
import { nameOf } from "../state/store.ts";
import { isVisible } from "./asking.ts";
import type { Asking, Given } from "./asking.ts";
import { connection } from "./field.ts";
import type { Fields } from "./field.ts";
import { pullFields } from "./repository.ts";

const known = new Set(["repo", "org", "user", "is", "head", "base", "author", "state", "type", "draft"]);

export function search(asking: Asking, given: Given): Fields {
  const type = String(given["type"]);
  if (type !== "ISSUE")
    throw new GraphQLError(`the stand-in for GitHub searches pull requests only, not ${type}`, { extensions: { type: "STAND_IN" } });
  const { terms, words: texts } = parseQuery(String(given["query"]), known);
  const { repositories } = asking.site.store.world;
  const found = repositories
    .filter((one) => isVisible(asking, one))
    .flatMap((repository) => repository.pulls.map((pull) => ({ repository, pull })))
    .filter((one) => terms.every((term) => holds(one, term) !== term.isNegated))
    .filter(({ pull }) => texts.every((text) => `${pull.title} ${pull.body ?? ""}`.toLowerCase().includes(text.toLowerCase())));
  const fields = connection(
    "SearchResultItemConnection",
    found.map(({ repository, pull }) => pullFields(asking, repository, pull)),
    given,
  );
  return { ...fields, issueCount: found.length };
}

function holds({ repository, pull }: { readonly repository: Repository; readonly pull: Pull }, { name, value }: Term): boolean {
  const said: Readonly<Record<string, string>> = {
    repo: nameOf(repository),
    org: repository.owner,
    user: repository.owner,
    head: pull.head.ref,
    base: pull.base.ref,
    author: pull.author.replace(/^(.+)\[bot\]$/, "app/$1"),
    state: pull.state,
    type: "pr",
    draft: String(pull.draft),
  };
  if (name !== "is") return said[name]?.toLowerCase() === value.toLowerCase();
  return ["pr", "pull-request", pull.state, pull.draft ? "draft" : "", pull.merged === undefined ? "unmerged" : "merged"].includes(value);
}
