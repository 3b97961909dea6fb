import { Answered, CredentialRejected, RateLimited, Unavailable } from "../../github/fault.ts";

/** Longest warning of a result. */
const longest = 250;

/** Why a part of what the checks said is missing, as a sentence for a result. `permission` is what reading it needs. */
export function lack(what: string, permission: string, error: unknown): string {
  const remedy =
    error instanceof Answered && (error.status === 403 || error.status === 404) ? ` Give the read credential ${permission}.` : "";
  return `${what} could not be read: ${why(error)}.`.slice(0, longest - remedy.length) + remedy;
}

function why(error: unknown): string {
  if (error instanceof CredentialRejected) return "GitHub does not accept the read credential";
  if (error instanceof Answered)
    return error.status === 410 ? "GitHub has it no longer" : `GitHub answers ${error.status}, ${error.message}`;
  if (error instanceof RateLimited) return "GitHub's limit of requests is used up";
  if (error instanceof Unavailable) return error.message;
  return "there was no time left";
}
