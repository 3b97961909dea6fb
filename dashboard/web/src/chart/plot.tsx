import type { ReactNode } from "react";

interface PlotProps {
  /** What the upper edge stands for. */
  readonly top: string;
  /** What the left and the right edge stand for. */
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly children: ReactNode;
}

/** A drawing that is as wide as there is room, with words around it that do not shrink with it. */
export function Plot({ top, from, until, children }: PlotProps) {
  return (
    <div className="cb-plot">
      <div className="cb-axis-text">{top}</div>
      {children}
      <div className="cb-axis-text cb-row cb-between">
        <span>{from}</span>
        <span>{until}</span>
      </div>
    </div>
  );
}
