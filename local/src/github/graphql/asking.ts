import { GraphQLError } from "graphql";
import { decide } from "../access/visitor.ts";
import type { Visitor } from "../access/visitor.ts";
import type { Links } from "../rest/view/links.ts";
import type { Site } from "../site.ts";
import type { Repository } from "../state/model.ts";

/** Who asks, and of what. */
export interface Asking {
  readonly site: Site;
  readonly visitor: Visitor;
  readonly links: Links;
}

/** The arguments of a field, which GitHub's schema has checked. */
export type Given = Readonly<Record<string, unknown>>;

export function isVisible({ visitor, site }: Asking, repository: Repository): boolean {
  return decide(visitor, repository, { permission: "metadata", level: "read" }, site.store) === "granted";
}

export function missing(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type: "NOT_FOUND" } });
}
