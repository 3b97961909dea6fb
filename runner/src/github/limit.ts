/** What of an answer tells of limits; names of headers in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/** A minute, for a host that gives no time: GitHub's own advice. */
export const unsaidMs = 60_000;

/** Until when the host wants no further request, milliseconds since 1970; undefined: the answer is about something else. */
export function limitedUntil({ status, headers, message }: Answer, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const asked = retryAfterMs(headers["retry-after"], now);
  if (asked !== undefined) return now + asked;
  const reset = Number(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) === "0" && Number.isFinite(reset)) return Math.max(reset * 1000, now);
  return status === 429 || /secondary rate limit|abuse detection/i.test(message) ? now + unsaidMs : undefined;
}

/** Milliseconds that a Retry-After asks for: it has seconds or a date. */
export function retryAfterMs(value: string | number | undefined, now: number): number | undefined {
  if (value === undefined || value === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(String(value));
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
