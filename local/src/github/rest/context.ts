import type { Visitor } from "../access/visitor.ts";
import type { Call } from "../call.ts";
import { notFound } from "../refusal.ts";
import type { Site } from "../site.ts";
import type { Pull, Repository } from "../state/model.ts";
import { pullOf } from "../state/store.ts";
import type { Links } from "./view/links.ts";

/** What a handler of one operation gets: everything is checked against GitHub's description. */
export interface Context {
  readonly site: Site;
  readonly call: Call;
  readonly visitor: Visitor;
  readonly links: Links;
  /** Of the path and the query. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** A context of an operation on one repository that the visitor may use. */
export interface InRepository extends Context {
  readonly repository: Repository;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function textOf({ params }: Context, name: string): string {
  const value = params[name];
  return typeof value === "string" ? value : "";
}

export function numberOf({ params }: Context, name: string): number {
  const value = params[name];
  return typeof value === "number" ? value : Number.NaN;
}

/** The pull request of the path, which issues call by its number, too. Throws a 404. */
export function pullIn(context: InRepository): Pull {
  const number = numberOf(context, "pull_number" in context.params ? "pull_number" : "issue_number");
  const pull = pullOf(context.repository, number);
  if (pull === undefined) throw notFound();
  return pull;
}

/** Login of who asks; anonymous has none. */
export function actorOf({ visitor }: Context): string {
  return visitor.kind === "token" ? visitor.token.actor : "";
}

/** One page of a list, with the Link header that leads to the others. */
export function paged<T>(
  context: Context,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: Record<string, string> } {
  const { per_page: size = 30, page = 1 } = context.params;
  const perPage = Math.min(100, Math.max(1, Number(size)));
  const now = Math.max(1, Number(page));
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const to = (number: number, rel: string): string => `<${address(context, number)}>; rel="${rel}"`;
  const links = [...(now > 1 ? [to(now - 1, "prev"), to(1, "first")] : []), ...(now < last ? [to(now + 1, "next"), to(last, "last")] : [])];
  return { items: items.slice((now - 1) * perPage, now * perPage), headers: links.length === 0 ? {} : { link: links.join(", ") } };
}

function address({ call }: Context, page: number): string {
  const query = new URLSearchParams(call.query);
  query.set("page", String(page));
  return `${call.origin}${call.path}?${query.toString()}`;
}
