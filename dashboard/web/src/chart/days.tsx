import { dollars } from "../money/format.ts";
import { ChartFigure } from "./figure.tsx";
import { type Day, withoutGaps } from "./gaps.ts";
import { niceTop } from "./steps.ts";

const [width, height] = [640, 120];
const widest = 48;

/** A bar for each day. */
export function Days({ days: given, title }: { readonly days: readonly Day[]; readonly title: string }) {
  const days = withoutGaps(given);
  const top = niceTop(Math.max(0, ...days.map(({ costUSD }) => Number(costUSD ?? 0))));
  const step = Math.min(widest, width / Math.max(1, days.length));
  return (
    <ChartFigure
      title={title}
      head={["Day (UTC)", "Cost", "Attempts"]}
      rows={days.map(({ day, costUSD, attempts }) => [day, dollars(costUSD), String(attempts)])}
    >
      <svg
        className="cb-chart"
        viewBox={`0 0 ${width} ${height + 20}`}
        role="img"
        aria-label={`${title}, at most ${dollars(String(top))} a day`}
      >
        <line className="cb-axis" x1="0" x2={width} y1={height} y2={height} />
        <text className="cb-axis-text" x="2" y="10">
          {dollars(String(top))}
        </text>
        {days.map(({ day, costUSD, attempts }, index) => {
          const tall = (Number(costUSD ?? 0) / top) * height;
          return (
            <rect key={day} className="cb-bar" x={index * step + 1} width={Math.max(1, step - 2)} y={height - tall} height={tall}>
              <title>{`${day}: ${dollars(costUSD)}, ${attempts} attempts`}</title>
            </rect>
          );
        })}
        <text className="cb-axis-text" x="0" y={height + 15}>
          {days[0]?.day}
        </text>
        <text className="cb-axis-text" x={Math.min(width, days.length * step)} y={height + 15} textAnchor="end">
          {days.length > 4 ? days.at(-1)?.day : ""}
        </text>
      </svg>
    </ChartFigure>
  );
}
