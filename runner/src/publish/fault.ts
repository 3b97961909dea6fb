import type { PublishedPullRequest, PublishRefusal } from "@codybatch/crds";
import { CredentialRejected } from "../github/fault.ts";

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

/** What is a refusal whatever the step was; anything else as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof CredentialRejected)) return error;
  const words = `${error.host} does not accept the write credential: it is wrong, expired or revoked. Renew it in the write Secret, then publish again.`;
  return new Refused("CredentialRejected", words, { cause: error });
}
