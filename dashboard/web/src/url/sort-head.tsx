import { Link, type LinkProps } from "@tanstack/react-router";

interface SortHeadProps {
  readonly name: string;
  readonly direction: "ascending" | "descending" | undefined;
  readonly to: "/" | ".";
  readonly search: NonNullable<LinkProps["search"]>;
  /** Its column holds numbers, which stand at the right. */
  readonly isNumber?: boolean | undefined;
}

const arrows = { ascending: "▲", descending: "▼" } as const;

/** A column's head that sorts by it. */
export function SortHead({ name, direction, to, search, isNumber = false }: SortHeadProps) {
  return (
    <th scope="col" aria-sort={direction ?? "none"} className={isNumber ? "cb-number" : undefined}>
      <Link to={to} search={search} replace className="cb-sort">
        {name}
        <span aria-hidden="true" className="cb-arrow">
          {direction === undefined ? "" : arrows[direction]}
        </span>
      </Link>
    </th>
  );
}
