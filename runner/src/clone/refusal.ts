import type { RunReason } from "@codybatch/crds";

/** The clone ends for a reason that a person can act on; `message` says what was wrong and what to do. */
export class Refusal extends Error {
  readonly reason: RunReason;

  constructor(reason: RunReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Refusal";
    this.reason = reason;
  }
}

/** The host answered that it cannot answer now, or did not answer; asking again may help. */
export class Unreachable extends Error {
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, retryAfterSeconds?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "Unreachable";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
