/** A page, by its path. */
export type Address =
  | { readonly kind: "site" }
  | { readonly kind: "repository"; readonly repository: string }
  | { readonly kind: "pull" | "diff"; readonly repository: string; readonly number: number };

/** What a path shows; whether it is there is another question. */
export function addressOf(path: string): Address | undefined {
  if (path === "/") return { kind: "site" };
  const [, repository, number, ending] = /^\/([^/]+\/[^/]+)(?:\/pull\/(\d+)(\.diff)?)?$/.exec(path) ?? [];
  if (repository === undefined) return undefined;
  if (number === undefined) return { kind: "repository", repository };
  return { kind: ending === undefined ? "pull" : "diff", repository, number: Number(number) };
}
