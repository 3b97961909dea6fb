import { dollars } from "../money/format.ts";
import { ChartFigure } from "./figure.tsx";
import { type Day, type Span, withoutGaps } from "./gaps.ts";
import { Plot } from "./plot.tsx";
import { niceTop } from "./steps.ts";

const [width, height] = [640, 120];

interface DaysProps {
  readonly days: readonly Day[];
  readonly span: Span;
  readonly title: string;
}

/** A bar for each day of a span. */
export function Days({ days: given, span, title }: DaysProps) {
  const days = withoutGaps(given, span);
  const top = niceTop(Math.max(0, ...days.map(({ costUSD }) => Number(costUSD ?? 0))));
  const step = width / Math.max(1, days.length);
  return (
    <ChartFigure
      title={title}
      head={["Day (UTC)", "Cost", "Attempts"]}
      rows={given.map(({ day, costUSD, attempts }) => [day, dollars(costUSD), String(attempts)])}
    >
      <Plot top={dollars(String(top))} from={days[0]?.day} until={days.at(-1)?.day}>
        <svg
          className="cb-chart cb-chart-low"
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}, at most ${dollars(String(top))} a day`}
        >
          {days.map(({ day, costUSD, attempts }, index) => {
            const tall = (Number(costUSD ?? 0) / top) * height;
            return (
              <rect key={day} className="cb-bar" x={index * step + step * 0.1} width={step * 0.8} y={height - tall} height={tall}>
                <title>{`${day}: ${dollars(costUSD)}, ${attempts} attempts`}</title>
              </rect>
            );
          })}
        </svg>
      </Plot>
    </ChartFigure>
  );
}
