const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

interface Step {
  readonly below: number;
  readonly unit: number;
  readonly letter: string;
  readonly rest?: { readonly unit: number; readonly letter: string };
}

/** The steps of k8s.io/apimachinery's HumanDuration. */
const steps: readonly Step[] = [
  { below: 2 * minute, unit: second, letter: "s" },
  { below: 10 * minute, unit: minute, letter: "m", rest: { unit: second, letter: "s" } },
  { below: 3 * hour, unit: minute, letter: "m" },
  { below: 8 * hour, unit: hour, letter: "h", rest: { unit: minute, letter: "m" } },
  { below: 2 * day, unit: hour, letter: "h" },
  { below: 8 * day, unit: day, letter: "d", rest: { unit: hour, letter: "h" } },
  { below: 2 * year, unit: day, letter: "d" },
  { below: 8 * year, unit: year, letter: "y", rest: { unit: day, letter: "d" } },
  { below: Infinity, unit: year, letter: "y" },
];

/** A span as kubectl shows it, such as 3m20s. */
export function humanDuration(milliseconds: number): string {
  if (milliseconds < -second) return "<invalid>";
  const span = Math.max(0, milliseconds);
  const step = steps.find(({ below }) => span < below);
  if (step === undefined) return "";
  const whole = `${Math.floor(span / step.unit)}${step.letter}`;
  const rest = step.rest === undefined ? 0 : Math.floor((span % step.unit) / step.rest.unit);
  return rest === 0 ? whole : `${whole}${rest}${step.rest?.letter ?? ""}`;
}

/** Time from a timestamp to now, as kubectl shows it. */
export function age(timestamp: unknown, now: number): string {
  if (typeof timestamp !== "string") return "<unknown>";
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? "<invalid>" : humanDuration(now - then);
}
