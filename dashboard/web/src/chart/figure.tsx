import type { ReactNode } from "react";
import { Heads } from "../table/card-table.tsx";

interface ChartFigureProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A chart, and the same as a table for who cannot or does not want to read it. */
export function ChartFigure({ title, children, head, rows }: ChartFigureProps) {
  return (
    <figure className="cb-figure">
      <figcaption>{title}</figcaption>
      {children}
      <details>
        <summary aria-label={`${title} as a table`}>As a table</summary>
        <div className="cb-table-frame" tabIndex={0} role="region" aria-label={`${title} as a table`}>
          <table className="cb-table">
            <thead>
              <tr>
                <Heads names={head} numbers={head.slice(1)} />
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) =>
                    column === 0 ? (
                      <th key={column} scope="row">
                        {cell}
                      </th>
                    ) : (
                      <td key={column} className="cb-number">
                        {cell}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
