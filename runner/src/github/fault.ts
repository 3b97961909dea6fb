/** The host wants no request before `until`, milliseconds since 1970, which is longer than a Job should wait. */
export class RateLimited extends Error {
  readonly until: number;

  constructor(host: string, until: number, { says, cause }: ErrorOptions & { readonly says?: string } = {}) {
    super(`${host} wants no request before ${new Date(until).toISOString()}.${says === undefined ? "" : ` It says: ${says}`}`, { cause });
    this.name = "RateLimited";
    this.until = until;
  }
}

/** The host did not answer, or answered that it cannot; the same may work later. Its message has no full stop. */
export class Unavailable extends Error {
  override name = "Unavailable";
}

/** The host does not know the credential: it is wrong, expired or revoked. Which one it is, is known to who asked. */
export class CredentialRejected extends Error {
  readonly host: string;

  constructor(host: string, options?: ErrorOptions) {
    super(`${host} does not accept the credential`, options);
    this.name = "CredentialRejected";
    this.host = host;
  }
}

/** The host answered that it will not; what that means is known to who asked. */
export class Answered extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Answered";
    this.status = status;
  }
}
