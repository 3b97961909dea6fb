/** Whoever sends a request, as the API server or the proxy says. */
export interface Viewer {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
  /** When the token ends by its own words; milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
  /** Nobody is asked what this viewer may see: mode none. */
  readonly unrestricted?: true;
}

/** One text for the same person with the same groups: rights are kept under it. */
export function keyOf({ user, uid, groups, extra }: Viewer): string {
  return JSON.stringify([user, uid ?? "", groups.toSorted(), extra ?? {}]);
}
