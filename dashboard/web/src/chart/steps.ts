/** A moment and how much of each kind there was from then on. */
export interface StackPoint<K extends string> {
  readonly at: number;
  readonly amounts: Readonly<Record<K, number>>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The outline of each kind, stacked from the bottom in the order of `kinds`, as `d` of an SVG path. */
export function stackedSteps<K extends string>(
  points: readonly StackPoint<K>[],
  kinds: readonly K[],
  { width, height }: Size,
  until: number,
): readonly { readonly kind: K; readonly d: string }[] {
  const first = points[0];
  if (first === undefined) return [];
  const span = Math.max(1, until - first.at);
  const most = Math.max(1, ...points.map(({ amounts }) => kinds.reduce((sum, kind) => sum + amounts[kind], 0)));
  const x = (at: number): number => round(((Math.min(at, until) - first.at) / span) * width);
  const y = (amount: number): number => round(height - (amount / most) * height);
  return kinds.map((kind, index) => {
    const below = ({ amounts }: StackPoint<K>): number => kinds.slice(0, index).reduce((sum, each) => sum + amounts[each], 0);
    const corners = points.map((point, place) => {
      const [low, high] = [y(below(point)), y(below(point) + point.amounts[kind])];
      return { from: x(point.at), to: x(points[place + 1]?.at ?? until), low, high };
    });
    const upper = corners.map(({ from, to, high }) => `L${from} ${high}L${to} ${high}`).join("");
    const lower = corners
      .toReversed()
      .map(({ from, to, low }) => `L${to} ${low}L${from} ${low}`)
      .join("");
    return { kind, d: `M${upper.slice(1)}${lower}Z` };
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

interface Standings {
  readonly at: number;
  readonly working: number;
  readonly open: number;
}

/** Where a chart over time ends: now, or soon after the last change where nothing can change by itself any more. */
export function endOf(points: readonly Standings[], now: number): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return now;
  const open = Math.max(now, last.at + 1);
  if (last.working > 0 || last.open > 0) return open;
  return Math.min(open, last.at + Math.max(1, Math.round((last.at - first.at) / 10)));
}

/** The next round number above, for the top of an axis. */
export function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((each) => each * power >= most) ?? 10;
  return step * power;
}
