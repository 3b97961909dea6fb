/** Most times that one turn is sent again. */
export const mostRetries = 5;

const longestFactor = 30;

interface Wait {
  /** Retries made before this one. */
  readonly retries: number;
  readonly firstMs: number;
  readonly retryAfterMs: number | undefined;
  /** Between 0 and 1. */
  readonly random: number;
}

/** How long to wait: what the server asked for, else doubling with jitter between half and all of it, at most 30 times the first. */
export function waitMs({ retries, firstMs, retryAfterMs, random }: Wait): number {
  if (retryAfterMs !== undefined) return Math.ceil(retryAfterMs);
  const full = firstMs * Math.min(longestFactor, 2 ** retries);
  return Math.round(full * (0.5 + random / 2));
}
