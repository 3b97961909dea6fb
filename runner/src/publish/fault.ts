import type { PublishedPullRequest, PublishRefusal } from "@codybatch/crds";

/** Publishing stops for a reason that a person can act on; `message` says what was wrong and what to do. */
export class Refused extends Error {
  readonly reason: PublishRefusal;
  /** Where there is one already. */
  readonly pullRequest: PublishedPullRequest | undefined;

  constructor(reason: PublishRefusal, message: string, options: ErrorOptions & { readonly pullRequest?: PublishedPullRequest } = {}) {
    super(message, options);
    this.name = "Refused";
    this.reason = reason;
    this.pullRequest = options.pullRequest;
  }
}

/** The host wants no request before `until`, milliseconds since 1970, which is longer than a Job should wait. */
export class RateLimited extends Error {
  readonly until: number;

  constructor(host: string, until: number, options?: ErrorOptions) {
    super(`${host} wants no request before ${new Date(until).toISOString()}.`, options);
    this.name = "RateLimited";
    this.until = until;
  }
}

/** The host did not answer, or answered that it cannot; the same may work later. */
export class Unavailable extends Error {
  override name = "Unavailable";
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
