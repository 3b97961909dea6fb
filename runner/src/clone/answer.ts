import { Refusal, Unreachable } from "./refusal.ts";

/** How a host answered a request for a repository that it did not serve. */
export interface Refused {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  readonly where: string;
  readonly host: string;
  /** True when the token was sent. */
  readonly login: boolean;
}

/** What a status means for a person. */
export function answerFault(refused: Refused): Refusal | Unreachable {
  const { status, host, where } = refused;
  if (status === 401) return unauthorised(refused);
  if (status === 403) return forbidden(refused);
  if (status === 404 || status === 410) return missing(refused);
  if (status === 200) return new Refusal("RepositoryNotFound", `${where} answers, but not as a git repository. Check its URL.`);
  if (status === 408 || status === 429 || status >= 500) return new Unreachable(`${host} answers ${status}`, refused.retryAfterSeconds);
  return new Refusal("CloneFailed", `${host} answers ${status} when asked for ${where}.`);
}

function unauthorised({ where, host, login }: Refused): Refusal {
  if (login) {
    const words = `${host} does not accept the read token: it is wrong, expired or revoked. Renew it in the read Secret.`;
    return new Refusal("RepositoryForbidden", words);
  }
  const secret = 'Make the Secret that spec.credentials.githubReadSecret names (default github-read) with the key "token".';
  return new Refusal("SecretMissing", `${where} asks for a login: it is private or does not exist. ${secret}`);
}

function forbidden({ where, login }: Refused): Refusal {
  const remedy = login ? " with the read token: give it contents:read on this repository" : "";
  return new Refusal("RepositoryForbidden", `${where} may not be read${remedy}.`);
}

function missing({ where, login }: Refused): Refusal {
  return new Refusal("RepositoryNotFound", `${where} does not exist${login ? ", or the read token may not see it" : ""}. Check its URL.`);
}
