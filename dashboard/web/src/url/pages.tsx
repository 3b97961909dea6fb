import { Link, type LinkProps } from "@tanstack/react-router";

/** The way to the next rows, and back to the first. */
export function Pages({ first, next }: { readonly first: LinkProps | undefined; readonly next: LinkProps | undefined }) {
  if (first === undefined && next === undefined) return undefined;
  return (
    <nav aria-label="Further rows" className="cb-row cb-pages">
      {first !== undefined && <Link {...first}>First page</Link>}
      {next !== undefined && <Link {...next}>Next page</Link>}
    </nav>
  );
}
