import type { BurndownAnswer } from "@codybatch/dashboard-contract";
import { type Standing, standings } from "@codybatch/dashboard-contract/burndown";
import { ChartFigure } from "../chart/figure.tsx";
import { Plot } from "../chart/plot.tsx";
import { endOf, stackedSteps } from "../chart/steps.ts";
import { counted } from "../money/format.ts";
import { usePreference } from "../preference/preference.ts";
import { absolute, zones } from "../time/format.ts";

const names: Readonly<Record<Standing, string>> = {
  working: "At work or waiting",
  done: "Done, no pull request",
  failed: "Failed",
  open: "Pull request open",
  merged: "Merged",
  closed: "Closed",
};
// From the bottom up: what is settled lies below.
const order: readonly Standing[] = ["merged", "closed", "open", "done", "failed", "working"];
const size = { width: 640, height: 180 };

/** Where all repositories stood at every moment. */
export function Burndown({ answer: { points, now } }: { readonly answer: BurndownAnswer }) {
  const [zone] = usePreference("zone", zones);
  const first = points[0];
  if (first === undefined) return <p className="cb-panel">The burndown begins with the first repository.</p>;
  const until = endOf(points, now);
  const time = (at: number): string => absolute(new Date(at).toISOString(), zone);
  const total = Math.max(...points.map((point) => standings.reduce((sum, standing) => sum + point[standing], 0)));
  const stacked = points.map((point) => ({ at: point.at, amounts: point }));
  return (
    <ChartFigure
      title="Burndown"
      head={["From", ...standings.map((standing) => names[standing])]}
      rows={points.slice(-200).map((point) => [time(point.at), ...standings.map((standing) => String(point[standing]))])}
    >
      <Plot top={counted(total, "repository", "repositories")} from={time(first.at)} until={time(until)}>
        <svg
          className="cb-chart"
          viewBox={`0 0 ${size.width} ${size.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label="Repositories by standing over time"
        >
          {stackedSteps(stacked, order, size, until).map(({ kind, d }) => (
            <path key={kind} d={d} className={`cb-area cb-area-${kind}`}>
              <title>{names[kind]}</title>
            </path>
          ))}
        </svg>
      </Plot>
      <ul className="cb-legend">
        {order.map((standing) => (
          <li key={standing}>
            <span aria-hidden="true" className={`cb-swatch cb-area-${standing}`} /> {names[standing]}: {points.at(-1)?.[standing] ?? 0}
          </li>
        ))}
      </ul>
    </ChartFigure>
  );
}
