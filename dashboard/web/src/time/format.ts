export const zones = ["local", "utc"] as const;
export type Zone = (typeof zones)[number];

// Made once: making one takes far longer than using it.
const [inFull, named] = [
  new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeStyle: "medium", hourCycle: "h23" }),
  new Intl.DateTimeFormat("en", { timeZoneName: "short" }),
];

/** `2026-11-21 21:03:05 UTC`, or the same in the viewer's zone with its name. */
export function absolute(at: string, zone: Zone): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "unknown time";
  if (zone === "utc") return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const name = named.formatToParts(date).find(({ type }) => type === "timeZoneName");
  return `${inFull.format(date).replace(",", "")} ${name?.value ?? ""}`.trim();
}

/** `21:03:05`, for lists whose day is known. */
export function clock(at: string, zone: Zone): string {
  return absolute(at, zone).slice(11, 19);
}

const steps = [
  { seconds: 86_400, unit: "d" },
  { seconds: 3600, unit: "h" },
  { seconds: 60, unit: "min" },
] as const;

/** `3 min ago`, `in 2 h`, `just now`. */
export function relative(at: string, now: number): string {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return "unknown time";
  const seconds = Math.round((now - moment) / 1000);
  const size = Math.abs(seconds);
  const fits = steps.find((step) => size >= step.seconds);
  if (fits === undefined) return size < 5 ? "just now" : spoken(`${size} s`, seconds);
  return spoken(`${Math.floor(size / fits.seconds)} ${fits.unit}`, seconds);
}

function spoken(amount: string, seconds: number): string {
  return seconds >= 0 ? `${amount} ago` : `in ${amount}`;
}

/** `1 h 02 min 03 s`; seconds are never left out. Below one second, milliseconds. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const whole = Math.round(seconds);
  const two = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${two(minutes)} min ${two(rest)} s`;
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`;
}
