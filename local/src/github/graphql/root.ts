import { z } from "zod";
import { nodeId } from "../rest/view/links.ts";
import type { Repository } from "../state/model.ts";
import { isVisible, missing } from "./asking.ts";
import type { Asking, Given } from "./asking.ts";
import type { Fields } from "./field.ts";
import { pullFields, repositoryFields } from "./repository.ts";
import { search } from "./search.ts";
import { userFields } from "./user.ts";

/** What a query begins with. `limit` tells what it cost and what is left. */
export function rootOf(asking: Asking, limit: Fields): Fields {
  return {
    __typename: "Query",
    rateLimit: limit,
    viewer: () => (asking.visitor.kind === "token" ? userFields(asking, asking.site.store.who(asking.visitor.token.actor)) : null),
    repository: (given: Given) => repositoryFields(asking, repositoryNamed(asking, `${String(given["owner"])}/${String(given["name"])}`)),
    search: (given: Given) => search(asking, given),
    node: (given: Given) => nodeOf(asking, String(given["id"])),
    nodes: (given: Given) =>
      z
        .array(z.string())
        .parse(given["ids"])
        .map((id) => nodeOf(asking, id)),
  };
}

function repositoryNamed(asking: Asking, name: string): Repository {
  const found = asking.site.store.repository(name);
  if (found !== undefined && isVisible(asking, found)) return found;
  throw missing(`Could not resolve to a Repository with the name '${name}'.`);
}

function nodeOf(asking: Asking, id: string): Fields {
  for (const repository of asking.site.store.world.repositories.filter((one) => isVisible(asking, one))) {
    if (nodeId("R", repository.id) === id) return repositoryFields(asking, repository);
    const pull = repository.pulls.find((one) => nodeId("PR", one.id) === id);
    if (pull !== undefined) return pullFields(asking, repository, pull);
  }
  throw missing(`Could not resolve to a node with the global id of '${id}'`);
}
