/** Dollars of one day, YYYY-MM-DD in UTC; undefined is an unknown price. */
export interface Day {
  readonly day: string;
  readonly costUSD: string | undefined;
  readonly attempts: number;
}

const oneDay = 86_400_000;
const most = 400;

/** Every day from the first to the last, so that a chart's distances are true. Left as it is where that would be years. */
export function withoutGaps(days: readonly Day[]): readonly Day[] {
  const [first, last] = [days[0], days.at(-1)].map((day) => (day === undefined ? Number.NaN : Date.parse(day.day)));
  const count = Math.round(((last ?? Number.NaN) - (first ?? Number.NaN)) / oneDay) + 1;
  if (!(count > days.length && count <= most)) return days;
  const known = new Map(days.map((day) => [day.day, day]));
  return Array.from({ length: count }, (_, index) => {
    const day = new Date((first ?? 0) + index * oneDay).toISOString().slice(0, 10);
    return known.get(day) ?? { day, costUSD: "0", attempts: 0 };
  });
}
