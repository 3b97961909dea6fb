/** Dollars of one day, YYYY-MM-DD in UTC; undefined is an unknown price. */
export interface Day {
  readonly day: string;
  readonly costUSD: string | undefined;
  readonly attempts: number;
}

/** The week until a day, YYYY-MM-DD, which may begin earlier. */
export function weekUntil(to: string, from: string): Span {
  const week = new Date(Date.parse(to) - 6 * oneDay).toISOString().slice(0, 10);
  return { from: from < week ? from : week, to };
}

const oneDay = 86_400_000;
const most = 400;

/** The days that a chart is about, both YYYY-MM-DD. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Every day of the span and of what lies outside it, so that a chart's distances are true. Left as it is where that would be years. */
export function withoutGaps(days: readonly Day[], { from, to }: Span): readonly Day[] {
  const names = [from, to, ...days.map(({ day }) => day)].toSorted();
  const [first, last] = [names[0], names.at(-1)].map((day) => Date.parse(day ?? ""));
  const count = Math.round(((last ?? Number.NaN) - (first ?? Number.NaN)) / oneDay) + 1;
  if (!(count > days.length && count <= most)) return days;
  const known = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length: count }, (_, index) => {
    const day = new Date((first ?? 0) + index * oneDay).toISOString().slice(0, 10);
    return known.get(day) ?? { day, costUSD: "0", attempts: 0 };
  });
}
