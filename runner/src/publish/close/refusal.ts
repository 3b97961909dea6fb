import { Answered } from "../../github/fault.ts";
import { Refused } from "../fault.ts";
import { published, type Pull } from "../host/pull.ts";

/** What GitHub's no to a request about a pull request means for a person. */
export function refusal(done: string, pull?: Pull): (error: unknown) => never {
  const told = pull === undefined ? {} : { pullRequest: published(pull) };
  return (error) => {
    if (!(error instanceof Answered)) throw error;
    const { status, message } = error;
    const reason = status === 403 ? "PermissionMissing" : "PullRequestRefused";
    const remedy = "Give the write credential pull_requests write on this repository, or close it by hand.";
    throw new Refused(reason, `The pull request could not be ${done} (${status}): ${message}. ${remedy}`, { cause: error, ...told });
  };
}
