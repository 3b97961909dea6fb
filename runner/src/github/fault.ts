/** Why GitHub gave no answer that can be used. Invalid: it does not take what was asked. */
export type GitHubFaultKind = "CredentialRejected" | "PermissionMissing" | "Invalid" | "RateLimited" | "Unavailable";

interface More {
  readonly until?: number | undefined;
  readonly cause?: unknown;
}

/** GitHub refused, or could not be asked; `message` says what was wrong and what to do. */
export class GitHubFault extends Error {
  readonly kind: GitHubFaultKind;
  /** When asking again makes sense, milliseconds since 1970; undefined where the host did not say. */
  readonly until: number | undefined;

  constructor(kind: GitHubFaultKind, message: string, { until, cause }: More = {}) {
    super(message, { cause });
    this.name = "GitHubFault";
    this.kind = kind;
    this.until = until;
  }
}
