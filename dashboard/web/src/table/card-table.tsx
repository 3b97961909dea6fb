import type { ReactNode } from "react";

interface CardTableProps {
  readonly caption?: string;
  /** Cells of the head. */
  readonly head: ReactNode;
  /** Rows. */
  readonly children: ReactNode;
}

/** A table whose rows become cards where there is no room; a cell's data-label is its column's name there. */
export function CardTable({ caption, head, children }: CardTableProps) {
  return (
    <div className="cb-table-frame">
      <table className="cb-table cb-cards">
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface HeadsProps {
  readonly names: readonly string[];
  /** Those of them whose columns hold numbers, which stand at the right. */
  readonly numbers?: readonly string[];
}

/** Heads of columns that say their names and no more. */
export function Heads({ names, numbers = [] }: HeadsProps) {
  return names.map((name) => (
    <th key={name} scope="col" className={numbers.includes(name) ? "cb-number" : undefined}>
      {name}
    </th>
  ));
}
