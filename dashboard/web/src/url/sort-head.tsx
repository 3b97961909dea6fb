import { Link, type LinkProps } from "@tanstack/react-router";

interface SortHeadProps {
  readonly name: string;
  readonly direction: "ascending" | "descending" | undefined;
  readonly to: "/" | ".";
  readonly search: NonNullable<LinkProps["search"]>;
}

const arrows = { ascending: "▲", descending: "▼" } as const;

/** A column's head that sorts by it. */
export function SortHead({ name, direction, to, search }: SortHeadProps) {
  return (
    <th scope="col" aria-sort={direction ?? "none"}>
      <Link to={to} search={search} replace className="cb-sort">
        {name}
        <span aria-hidden="true" className="cb-arrow">
          {direction === undefined ? "" : arrows[direction]}
        </span>
      </Link>
    </th>
  );
}
