/** The command line cannot be used; the message says what to do. */
export class UsageError extends Error {}

/** Gives what `read` reads; what it throws becomes a {@link UsageError}. */
export function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
