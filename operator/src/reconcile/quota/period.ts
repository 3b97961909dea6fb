import type { Period } from "./quota.ts";

/** The UTC day of a moment, such as 2026-11-21. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The UTC month of a moment, such as 2026-11. */
export function monthOf(moment: Date): string {
  return moment.toISOString().slice(0, 7);
}

/** The month so many before another. */
export function monthBefore(month: string, count = 1): string {
  const start = new Date(`${month}-01T00:00:00Z`);
  start.setUTCMonth(start.getUTCMonth() - count);
  return monthOf(start);
}

/** Whether a day lies in the period that a moment is in. */
export function isIn(period: Period, day: string, now: Date): boolean {
  return period === "day" ? day === dayOf(now) : day.startsWith(`${monthOf(now)}-`);
}

/** When the period ends that a moment is in: the next midnight in UTC, or that of the first day of the next month. */
export function endOfPeriod(period: Period, now: Date): Date {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return new Date(period === "day" ? Date.UTC(year, month, now.getUTCDate() + 1) : Date.UTC(year, month + 1, 1));
}
